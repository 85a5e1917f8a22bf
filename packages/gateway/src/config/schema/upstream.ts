import { z } from "zod";
import { duration, flag, limit, live, proxyUrl } from "./fields.ts";

/** How upstreams are called, chosen and retried. */
export const upstreamShape = {
  "proxy-url": proxyUrl.default("").meta(live(
    "Proxy for all upstream calls. `direct` or `none`: no proxy, not even from the environment. Empty: the environment's.", { secret: "userinfo" },
  )),
  "proxy-urls": z.array(proxyUrl.meta(live("Address of a proxy.", { secret: "userinfo" }))).default([]).meta(live(
    "Several proxies that take turns, one a call to an upstream or to renew a token, in place of `proxy-url`.",
  )),
  "request-retry": limit(0).meta(live("Further rounds over the credentials after 403, 408, 429 and 5xx.")),
  "max-retry-interval": limit(0).meta(live("Longest wait for a cooldown to end between two rounds, in seconds. 0: never wait.")),
  "max-retry-credentials": limit(0).meta(live("Credentials that one round may try. 0: all.")),
  "disable-cooling": flag(false).meta(live("Never pause a credential after a failure.")),
  "transient-error-cooldown-seconds": z.int().min(-1).default(0).meta(live(
    "Pause of a credential for a model after 408 and 5xx, in seconds. 0: 60 seconds. -1: none.",
  )),
  "save-cooldown-status": flag(true).meta(live("Remember pauses of more than 30 seconds, and accounts that are over, beyond a restart.")),
  "quota-exceeded": z.strictObject({
    "switch-project": flag(true).meta(live("After a 429 go on with the next credential. Off: the client gets the 429.")),
    "switch-preview-model": flag(true).meta(live("After a 429 try the preview names of the same model on the same account first, where its kind has such names.")),
    "preview-models": z.record(z.string(), z.array(z.string().trim().min(1))).default({}).meta(live(
      "Preview names by the upstream's name of a model, in the order in which they are tried; over those that the kinds of accounts bring.",
    )),
    "antigravity-credits": flag(false).meta(live("When all that is free is used up, spend the Google One AI credits of Antigravity accounts.")),
  }).prefault({}).meta(live("What to do when a quota is used up.")),
  routing: z.strictObject({
    strategy: z.enum(["round-robin", "weighted-round-robin", "fill-first"]).default("round-robin").meta(live(
      "How a credential is chosen among those of the highest priority.",
    )),
    "session-affinity": flag(true).meta(live("Keep a conversation on its credential, so that the upstream's prompt cache is used.")),
    "session-affinity-ttl": duration.default("1h").meta(live("How long a conversation is remembered after its last request.")),
  }).prefault({}).meta(live("Choice of credentials.")),
  "force-model-prefix": flag(false).meta(live("Models of entries with a `prefix` are reachable under the prefixed name only.")),
  "passthrough-headers": flag(false).meta(live("Hand the upstream's response headers on to the client, save those of one hop, of cookies and of other gateways.")),
  streaming: z.strictObject({
    "keepalive-seconds": limit(15).meta(live("Interval of SSE comments that keep a connection open, in seconds. 0: none.")),
    "bootstrap-retries": limit(0).meta(live("How often a stream that failed before its first byte is asked for anew, choice of credentials included. Those that pause by then are not asked.")),
  }).prefault({}).meta(live("Streams to clients.")),
  "nonstream-keepalive-interval": limit(0).meta(live(
    "Interval of blank lines while a reply that is not streamed is awaited, in seconds. The first one fixes the status at 200. 0: none.",
  )),
  "model-redirects": z.record(z.string().min(1), z.string().trim().min(1)).default({}).meta(live(
    "Name that clients ask for, and name that answers, which may say how hard it thinks: `gpt-5.1(high)`. With `*`, which stands for any run of characters in any case, only names that nobody serves are led on, unless a `!` stands before it (`!*haiku*`); the first match counts.",
  )),
  "force-gpt-5-codex": flag(false).meta(live("Answer requests for `gpt-5` with `gpt-5-codex`.")),
};
