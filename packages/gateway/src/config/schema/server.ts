import { z } from "zod";
import { count, flag, httpUrl, live, restart } from "./fields.ts";

/** Where the gateway listens and what it takes in. */
export const serverShape = {
  host: z.string().trim().default("127.0.0.1").meta(restart("Address to listen on. Empty: all interfaces, IPv4 and IPv6.")),
  port: z.int().min(1).max(65_535).default(8317).meta(restart("Port to listen on.")),
  tls: z.strictObject({
    enable: flag(false).meta(restart("Serve HTTPS.")),
    cert: z.string().default("").meta(restart("PEM file with the certificate chain.")),
    key: z.string().default("").meta(restart("PEM file with the private key.")),
  }).prefault({}).meta(restart("HTTPS of the gateway itself.")),
  limits: z.strictObject({
    "max-body-bytes": count(64 * 1024 * 1024, 1).meta(restart("Largest request body, in bytes.")),
    "max-header-bytes": count(64 * 1024, 1024).meta(restart("Largest request head, in bytes.", { pending: true })),
    "assumed-output-tokens": count(4096).meta(live("Output tokens that are set aside in the budgets of keys and users for a request that does not say how many it wants at most.")),
    unpriced: z.enum(["allow", "refuse"]).default("allow").meta(live("Whether a key or user with a budget in money may use models whose price is not known. `allow`: they cost nothing.")),
  }).prefault({}).meta(restart("What a client may send and use.")),
  timeouts: z.strictObject({
    "first-byte-ms": count(120_000, 1).meta(live("Longest wait for the first byte of an upstream's reply, in milliseconds.")),
    "hold-ms": count(15_000).meta(live("How long a reply's headers wait for the upstream's first event, in milliseconds. Until then a failure still gets its HTTP status.")),
    "idle-ms": count(120_000, 1).meta(live("Longest silence within an upstream's stream, in milliseconds.")),
    "total-ms": count(0).meta(live("Longest whole request, in milliseconds. 0: no limit.")),
  }).prefault({}).meta(live("How long to wait for upstreams.")),
  cors: z.strictObject({
    origins: z.array(z.string().trim().min(1)).optional().meta(live(
      "Web origins that may call the gateway; `*` is every one. Absent: every one when clients must show a key, none otherwise, since any web page could then use a gateway on this machine.",
    )),
  }).prefault({}).meta(live("Calls from browsers.")),
  "update-url": httpUrl.optional().meta(live(
    "Address of a JSON document that names the newest release (`tag_name` or `version`). It is asked when the management API's `latest-version` is, and at no other time. Absent: nobody is asked.", { secret: "userinfo" },
  )),
};
