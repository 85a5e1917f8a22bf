import type { Environment } from "../config/expand-environment.ts";
import type { ConfigNote } from "../config/findings.ts";
import type { RawObject } from "../config/raw.ts";
import type { DropIn } from "./drop-in.ts";
import { consentNote, FACTORY_CONSENT, leavesConsentOpen, literal } from "./factory-consent.ts";

/** Its port, which could not be changed. */
const PORT = 8001;
const KEYS = "FACTORY_API_KEYS";
const ACCESS_KEYS = "PROXY_ACCESS_KEYS";
const KEY_HEADER = "PROXY_KEY_HEADER";

/**
 * The Factory proxy on Deno: everything it knew stood in three variables (its `.env.example`, 2025-10). Whoever shows a key
 * of Factory's own is answered with that one, and names that no list holds are tried, too.
 */
export const factoryProxy: DropIn = {
  id: "factory-proxy",
  name: "the Factory proxy on Deno",
  ofEnvironment(environment, file) {
    const access = accessOf(environment);
    const isKeyed = (environment[KEYS] ?? "").trim() !== "";
    if (!isKeyed && Object.keys(access).length === 0) return undefined;
    if (!isKeyed) return { config: access, notes: [] };
    const isAlone = Object.keys(file).length === 0;
    const isOpen = leavesConsentOpen(file);
    return {
      config: {
        ...access,
        ...(isAlone && { port: PORT }),
        accounts: { ...(isOpen && FACTORY_CONSENT), kinds: { factory: { options: { "client-credentials": "first", "unlisted-models": true } } } },
      },
      notes: [
        ...(isOpen ? [consentNote(KEYS)] : []),
        ...(isAlone ? [{ kind: "warning", path: KEYS, message: `means port ${PORT}, as there; set port in a configuration file for another` } satisfies ConfigNote] : []),
      ],
    };
  },
};

/** The keys that clients show, and the header for them. A single key stays a reference. */
function accessOf(environment: Environment): RawObject {
  const given = environment[ACCESS_KEYS] ?? "";
  const keys = given.split(/[\s;,]+/).filter((key) => key !== "");
  if (keys.length === 0) return {};
  const header = environment[KEY_HEADER]?.trim() ?? "";
  return { "api-keys": keys.length === 1 && keys[0] === given ? [`\${${ACCESS_KEYS}}`] : keys.map(literal), ...(header !== "" && { "client-key-header": `\${${KEY_HEADER}}` }) };
}
