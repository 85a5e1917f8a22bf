import type { TakeNote } from "./findings.ts";
import type { Config } from "./schema/index.ts";
import { sanitiseEntries } from "./sanitise-entries.ts";
import { sanitiseOauth } from "./sanitise-oauth.ts";
import { sanitisePayload } from "./sanitise-payload.ts";
import { trimmedUnique } from "./sanitise-lists.ts";

const SAMPLE_KEY = /^your-api-key(-\d+)?$/;

/** Limits for which a negative number has always meant "none". */
const LIMITS = [
  "request-retry", "max-retry-interval", "max-retry-credentials", "logs-max-total-size-mb", "nonstream-keepalive-interval",
] as const;

/**
 * Tidies a valid configuration: blank and repeated entries go, texts are trimmed. What was left out is noted, and a second
 * pass changes nothing.
 */
export function sanitise(config: Config, note: TakeNote): Config {
  const tidy: Config = {
    ...config,
    ...sanitiseEntries(config, note),
    ...sanitiseOauth(config, note),
    payload: sanitisePayload(config.payload, note),
    "api-keys": trimmedUnique(config["api-keys"], "api-keys", note),
    "proxy-url": config["proxy-url"].trim(),
    streaming: {
      "keepalive-seconds": Math.max(0, config.streaming["keepalive-seconds"]),
      "bootstrap-retries": Math.max(0, config.streaming["bootstrap-retries"]),
    },
  };
  for (const key of LIMITS) tidy[key] = Math.max(0, tidy[key]);
  // Of this one a negative number means the usual, as it did before.
  if (tidy["error-logs-max-files"] < 0) tidy["error-logs-max-files"] = 10;
  warn(tidy, note);
  return tidy;
}

/** What works, but should be known. */
function warn(config: Config, note: TakeNote): void {
  const keys = config["api-keys"];
  if (keys.length === 0 && !config["require-key"]) note("warning", "api-keys", `is empty: ${whoComesIn(config.host)} can use the gateway without a key`);
  if (keys.some((key) => SAMPLE_KEY.test(key))) note("warning", "api-keys", "holds a key from a sample file, which everybody knows");
  const names = config["openai-compatibility"].map(({ name }) => name.toLowerCase());
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) note("warning", `openai-compatibility[${index}].name`, "is the name of an earlier entry, too");
  });
}

function whoComesIn(host: string): string {
  return /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i.test(host) ? "every program on this machine" : "everybody who reaches this machine";
}
