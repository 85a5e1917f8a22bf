import type { ConfigNote } from "../config/findings.ts";
import { asList, type RawObject, isRawObject } from "../config/raw.ts";
import { configSchema } from "../config/schema/index.ts";
import type { DropIn, DropInSettings } from "./drop-in.ts";
import { modelsOf, proxiesOf, redirectsOf, upstreamOf } from "./droid2api-lists.ts";
import { consentNote, FACTORY_CONSENT, leavesConsentOpen, literal } from "./factory-consent.ts";
import { laidOver } from "./take-drop-ins.ts";

/** Its port where the file says none; the variable is the one that container platforms set. */
const PORT = `\${PORT:-3000}`;

const KNOWN_KEYS: ReadonlySet<string> = new Set(["port", "endpoint", "models", "model_redirects", "proxies", "dev_mode", "user_agent", "system_prompt"]);

/** droid2api: a front for Factory's model gateway, with one `config.json` (its fields as of v1.3.8, 2026-03). */
export const droid2api: DropIn = {
  id: "droid2api",
  name: "droid2api",
  isFile: ({ endpoint, models }) => asList(endpoint).some(isEndpoint) || (Array.isArray(models) && models.some(isModel)),
  ofFile: readFile,
  ofEnvironment(environment, file) {
    const name = ["FACTORY_API_KEY", "DROID_REFRESH_KEY"].find((each) => (environment[each] ?? "").trim() !== "");
    if (name === undefined || !leavesConsentOpen(file)) return undefined;
    // Its container is told nothing but this.
    const isAlone = name === "DROID_REFRESH_KEY" && Object.keys(file).length === 0;
    return { config: { accounts: FACTORY_CONSENT, ...(isAlone && { port: PORT }) }, notes: [consentNote(name)] };
  },
};

function isEndpoint(entry: unknown): boolean {
  return isRawObject(entry) && typeof entry.name === "string" && typeof entry.base_url === "string";
}

function isModel(entry: unknown): boolean {
  return isRawObject(entry) && typeof entry.id === "string" && typeof entry.type === "string";
}

/** Settings of ours that stand among its own go over what is made of those. */
function readFile(file: RawObject): DropInSettings {
  const notes: ConfigNote[] = [];
  const own: RawObject = {};
  for (const [key, value] of Object.entries(file)) {
    if (KNOWN_KEYS.has(key)) continue;
    if (Object.hasOwn(configSchema.shape, key)) own[key] = value;
    else notes.push({ kind: "unknown", path: key, message: "unknown key: without effect" });
  }
  const config = laidOver(own, {
    port: file.port ?? PORT,
    ...(file.dev_mode === true && { debug: true }),
    ...redirectsOf(file.model_redirects, notes),
    ...proxiesOf(file.proxies, notes),
    accounts: { ...FACTORY_CONSENT, kinds: { factory: kindOf(file, notes) } },
  });
  if (leavesConsentOpen(own)) notes.push(consentNote("models"));
  if (own.host === undefined) notes.push({ kind: "warning", path: "port", message: "is open to this machine alone, where droid2api let everybody in who reached it: for others set host, and api-keys" });
  return { config, notes };
}

function kindOf(file: RawObject, notes: ConfigNote[]): RawObject {
  const prompt = typeof file.system_prompt === "string" ? file.system_prompt : "";
  if (/\n\s*\n\s*\S/.test(prompt)) notes.push({ kind: "warning", path: "system_prompt", message: "is sent as it stands; Factory was seen to answer 403 where a second paragraph takes the first one back (2025-10)" });
  const agent = typeof file.user_agent === "string" ? file.user_agent.trim() : "";
  const models = modelsOf(file.models, notes);
  return {
    ...upstreamOf(file.endpoint, notes),
    ...(prompt.trim() !== "" && { "system-prefix": [literal(prompt)] }),
    ...(agent !== "" && { "user-agent": literal(agent) }),
    options: { "client-credentials": true, ...(models.length > 0 && { models, "shipped-models": false }) },
  };
}
