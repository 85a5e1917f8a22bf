import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import { requestScopedErrors, type ErrorRule } from "../config/schema/provider-entry.ts";
import type { OfferedModel } from "../routing/service.ts";

/** Another name for a model of an account. */
export interface ModelAlias {
  /** In the catalogue. */
  readonly name: string;
  readonly alias: string;
  /** The first name stays. */
  readonly fork: boolean;
  readonly forceMapping: boolean;
}

type ConfiguredAlias = NonNullable<Config["oauth-model-alias"][string]>[number];

/** Those of the file, then those of the configuration for its kind. */
export function aliasesOf(content: JsonObject, configured: readonly ConfiguredAlias[] | undefined): readonly ModelAlias[] {
  const own = Array.isArray(content.model_aliases) ? content.model_aliases.filter(isJsonObject) : [];
  return [
    ...own.map((each): ModelAlias => ({ name: word(each.name), alias: word(each.alias), fork: each.fork === true, forceMapping: (each.force_mapping ?? each["force-mapping"]) === true })),
    ...(configured ?? []).map((each): ModelAlias => ({ name: each.name, alias: each.alias, fork: each.fork, forceMapping: each["force-mapping"] })),
  ].filter(({ name, alias }) => name !== "" && alias !== "");
}

export function withAliases(models: readonly OfferedModel[], aliases: readonly ModelAlias[]): readonly OfferedModel[] {
  if (aliases.length === 0) return models;
  return models.flatMap((model) => {
    const mine = aliases.filter(({ name }) => name.toLowerCase() === model.upstreamModel.toLowerCase());
    const renamed = mine.map(({ alias, forceMapping }): OfferedModel => ({ ...model, name: alias, forceMapping }));
    return mine.length === 0 || mine.some(({ fork }) => fork) ? [model, ...renamed] : renamed;
  });
}

/** `undefined` when the file has none, or none that is understood. */
export function readErrorRules(value: Json | undefined): readonly ErrorRule[] | undefined {
  const parsed = value === undefined ? undefined : requestScopedErrors.safeParse(value);
  return parsed?.success === true && parsed.data.length > 0 ? parsed.data : undefined;
}

function word(value: Json | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}
