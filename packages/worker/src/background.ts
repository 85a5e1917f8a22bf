import { waitUntil } from "cloudflare:workers";
import type { Background } from "@dragoman/gateway";

/** Work that outlives its reply: the runtime keeps the context of the current request for it. */
export const background: Background = {
  run: (work) => waitUntil(work.catch(() => undefined)),
};
