/** The runtime's own module; what of it is used here. */
declare module "cloudflare:workers" {
  /** Keeps the request's context alive until the promise is settled, at most thirty seconds after the reply. */
  export function waitUntil(work: Promise<unknown>): void;
}
