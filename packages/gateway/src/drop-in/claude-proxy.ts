import type { Environment } from "../config/expand-environment.ts";
import type { ConfigNote } from "../config/findings.ts";
import type { RawObject } from "../config/raw.ts";
import { readBaseUrl } from "./base-url.ts";
import type { DropIn } from "./drop-in.ts";
import { referenceTo, textOf } from "./variables.ts";

/** `HAIKU_MODEL_NAME`, and for any other word of model names `ALIAS_SONNET_MODEL_NAME`. */
const MODEL_VARIABLE = /^((?:ALIAS_)?([A-Z0-9]+(?:_[A-Z0-9]+)*))_MODEL_NAME$/;
/** The only word that needs no `ALIAS_` before it: claude_proxy has it so. */
const SHORTCUT = "HAIKU";

/** Words of model names that lead to one model of one upstream, whatever else is configured. Its routes in paths are `dynamic-routes`. */
export const claudeProxy: DropIn = {
  id: "claude-proxy",
  name: "claude_proxy",
  ofEnvironment(environment) {
    const notes: ConfigNote[] = [];
    const aliases = Object.keys(environment).toSorted().flatMap((variable) => aliasOf(variable, environment, notes) ?? []);
    if (aliases.length === 0 && notes.length === 0) return undefined;
    return {
      config: aliases.length === 0 ? {} : {
        "openai-compatibility": aliases.map(entryOf),
        "model-redirects": Object.fromEntries(aliases.map(({ word, model }) => [`!*${word}*`, `${word}://${model}`])),
      },
      notes,
    };
  },
};

interface Alias {
  /** Lower-case: `haiku`. */
  readonly word: string;
  readonly model: string;
  readonly baseUrl: string;
  /** The variable that holds the key, when it is set. */
  readonly keyVariable?: string;
}

function aliasOf(variable: string, environment: Environment, notes: ConfigNote[]): Alias | undefined {
  const [, stem = "", word = ""] = MODEL_VARIABLE.exec(variable) ?? [];
  const model = textOf(environment, variable);
  if (model === undefined || (stem !== SHORTCUT && !stem.startsWith("ALIAS_"))) return undefined;
  const address = `${stem}_BASE_URL`;
  const given = readBaseUrl(textOf(environment, address) ?? "");
  if (given === undefined) {
    notes.push({ kind: "warning", path: address, message: `is not set, or no address: ${variable} has no effect` });
    return undefined;
  }
  const keyVariable = `${stem}_API_KEY`;
  return {
    word: word.toLowerCase().replaceAll("_", "-"),
    model,
    baseUrl: given.baseUrl,
    ...(textOf(environment, keyVariable) !== undefined && { keyVariable }),
  };
}

/** The word itself is a model's name as well, and the only one under which the upstream's model is offered. */
function entryOf({ word, model, baseUrl, keyVariable }: Alias): RawObject {
  return {
    name: word,
    "base-url": baseUrl,
    ...(keyVariable !== undefined && { "api-key-entries": [{ "api-key": referenceTo(keyVariable) }] }),
    models: [{ name: model, alias: word, "force-mapping": true }],
  };
}
