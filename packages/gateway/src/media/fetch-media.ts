import { guessMimeType, type Media } from "@dragoman/core";
import type { Ports } from "../ports.ts";
import type { GatewaySettings } from "../settings.ts";
import { guardUrl } from "../upstream/url-guard.ts";
import { toBase64 } from "./base64.ts";

export interface MediaErrand {
  readonly url: string;
  /** Beginnings of the types that the place takes, e.g. `image/`. */
  readonly types: readonly string[];
  readonly ports: Ports;
  readonly settings: GatewaySettings;
  /** What the request may still have fetched. */
  readonly budget: { bytesLeft: number };
  readonly signal: AbortSignal;
}

export type Fetched =
  | { readonly ok: true; readonly media: Extract<Media, { type: "base64" }> }
  | { readonly ok: false; readonly reason: string };

const TIMEOUT_MS = 15_000;
const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const failed = (reason: string): Fetched => ({ ok: false, reason });

/** Fetches what a client named by its address. What goes wrong is told in words that give nothing of this network away. */
export async function fetchMedia(errand: MediaErrand): Promise<Fetched> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  const onAbort = (): void => abort.abort();
  errand.signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await follow(errand, abort.signal);
  } catch {
    return failed(abort.signal.aborted ? "took too long" : "cannot be reached");
  } finally {
    clearTimeout(timer);
    errand.signal.removeEventListener("abort", onAbort);
  }
}

/** By hand, because each step is a new address that wants to be judged. */
async function follow(errand: MediaErrand, signal: AbortSignal): Promise<Fetched> {
  const { ports, settings } = errand;
  let address = errand.url;
  for (let step = 0; step <= MAX_REDIRECTS; step++) {
    const verdict = await guardUrl(address, { resolveHost: ports.resolveHost, allowHosts: settings.remoteMedia.allowHosts });
    if (!verdict.ok) return failed(verdict.reason);
    const response = await ports.fetch(verdict.url.href, {
      method: "GET",
      headers: { accept: errand.types.map((type) => (type.endsWith("/") ? `${type}*` : type)).join(", "), "user-agent": "dragoman" },
      signal,
      ...(verdict.address !== undefined && { address: verdict.address }),
      proxyUrl: settings.nextProxy(),
    });
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
    if (location === null) return read(errand, response);
    await response.body?.cancel();
    address = new URL(location, verdict.url).href;
  }
  return failed(`leads on more than ${MAX_REDIRECTS} times`);
}

async function read(errand: MediaErrand, response: Response): Promise<Fetched> {
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    return failed(`answers with status ${response.status}`);
  }
  const bytes = await readWithin(errand.budget, response);
  if (bytes === undefined) return failed(`is larger than may be fetched (${errand.settings.remoteMedia.maxBytes} bytes for all of a request)`);
  const data = toBase64(bytes);
  const mimeType = typeOf(response, errand.url, data);
  if (!errand.types.some((type) => mimeType.startsWith(type))) return failed(`holds ${mimeType}, not ${errand.types.join(" or ").replaceAll("/ ", " ").replace(/\/$/, "")}`);
  return { ok: true, media: { type: "base64", mimeType, data } };
}

/** `undefined` when there is more than the budget has. */
async function readWithin(budget: MediaErrand["budget"], response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const declared = Number(response.headers.get("content-length") ?? 0);
  if (declared > budget.bytesLeft) {
    await response.body?.cancel();
    return undefined;
  }
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    budget.bytesLeft -= chunk.byteLength;
    if (budget.bytesLeft < 0) return undefined;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

const UNTOLD: ReadonlySet<string> = new Set(["", "application/octet-stream", "binary/octet-stream"]);

/** What the bytes are goes before what the server says, and that before what the address looks like. */
function typeOf(response: Response, url: string, data: string): string {
  const seen = guessMimeType(undefined, data);
  if (seen !== undefined) return seen;
  const told = response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return UNTOLD.has(told) ? (guessMimeType(new URL(url).pathname, undefined) ?? "application/octet-stream") : told;
}
