import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { KindSettings } from "../../kind-settings.ts";
import { SHIPPED, USUAL_PROVIDER } from "./catalogue.ts";
import { LEVELS, type FactoryLevel } from "./levels.ts";
import { textOf } from "../../stored-json.ts";

/** Which of the vendor's endpoints a model stands at. */
export type FactoryModelType = "anthropic" | "openai" | "common" | "google";

export interface FactoryModel {
  /** For clients. */
  readonly id: string;
  /** The vendor's name for it. */
  readonly model: string;
  readonly title: string;
  readonly type: FactoryModelType;
  /** Goes out as `x-api-provider`: who serves it behind the vendor's gateway. */
  readonly provider: string;
  readonly reasoning: FactoryLevel;
  /** The dearer and quicker service, where there is one. */
  readonly fast: boolean;
}

export interface FactoryModels {
  readonly byId: ReadonlyMap<string, FactoryModel>;
  /** What of the operator's list is not understood, in one sentence. */
  readonly fault?: string;
}

const TYPE_OF_DIALECT: Readonly<Record<string, FactoryModelType>> = { "anthropic-messages": "anthropic", "openai-responses": "openai", "openai-chat": "common", "gemini-generate-content": "google" };

const known = new WeakMap<KindSettings, FactoryModels>();

/** The shipped models with the operator's over them, which replace those of the same id. Made once for the same settings. */
export function modelsOf(settings: KindSettings): FactoryModels {
  let models = known.get(settings);
  if (models === undefined) known.set(settings, (models = readModels(settings.options)));
  return models;
}

/** One that no list holds is taken as the dialect suggests that is spoken with it. */
export function modelNamed(settings: KindSettings, id: string, dialect: string): FactoryModel {
  return modelsOf(settings).byId.get(id) ?? unlisted(id, TYPE_OF_DIALECT[dialect] ?? "common");
}

/** What a model may be that no list holds, by its name. */
export function guessedModel(id: string): FactoryModel {
  const type = FAMILIES.find(([match]) => match.test(id))?.[1] ?? "openai";
  return unlisted(id, type);
}

/** Families of names; all others are OpenAI's, as in the Factory proxy on Deno (2025-10), which knew the first row alone. */
const FAMILIES: readonly (readonly [RegExp, FactoryModelType])[] = [
  [/claude|^(bedrock|vertex)[-_:]/i, "anthropic"],
  [/^gemini/i, "google"],
  [/^(glm|kimi|deepseek|qwen|grok|mistral|minimax)/i, "common"],
];

function unlisted(id: string, type: FactoryModelType): FactoryModel {
  return { id, title: id, type, fast: false, reasoning: "auto", ...wayOf(id, type) };
}

function readModels(options: KindSettings["options"]): FactoryModels {
  const own = options?.models;
  const byId = new Map(options?.["shipped-models"] === false ? [] : SHIPPED.map((model) => [model.id, model]));
  if (own === undefined) return { byId };
  const place = "accounts.kinds.factory.options.models";
  if (!Array.isArray(own)) return { byId, fault: `${place} is no list` };
  for (const [index, entry] of (own as readonly Json[]).entries()) {
    const model = isJsonObject(entry) ? readModel(entry) : undefined;
    if (model === undefined) return { byId, fault: `${place}[${index}] needs an id, and a type: anthropic, openai, common or google` };
    byId.set(model.id, model);
  }
  return { byId };
}

/** An entry as droid2api's configuration has it: `id`, `name`, `type`, `reasoning`, `provider`, `fast`; and `model`. */
function readModel(entry: JsonObject): FactoryModel | undefined {
  const id = textOf(entry.id);
  const type = textOf(entry.type)?.toLowerCase();
  if (id === undefined || !isType(type)) return undefined;
  const level = textOf(entry.reasoning)?.toLowerCase();
  const way = wayOf(id, type);
  return {
    id,
    model: textOf(entry.model) ?? way.model,
    title: textOf(entry.name) ?? id,
    type,
    provider: textOf(entry.provider) ?? way.provider,
    // As there: none, and one that nobody knows, is `off`.
    reasoning: LEVELS.find((each) => each === level) ?? "off",
    fast: entry.fast === true,
  };
}

/** `bedrock-` or `vertex-` before a Claude's name says by whose service it comes, and is no part of the name. */
function wayOf(id: string, type: FactoryModelType): Pick<FactoryModel, "model" | "provider"> {
  const [, cloud, model] = (type === "anthropic" ? /^(bedrock|vertex)[-_:]?(.+)$/i.exec(id) : null) ?? [];
  return cloud === undefined || model === undefined ? { model: id, provider: USUAL_PROVIDER[type] } : { model, provider: `${cloud.toLowerCase()}_anthropic` };
}

function isType(value: string | undefined): value is FactoryModelType {
  return value !== undefined && value in USUAL_PROVIDER;
}
