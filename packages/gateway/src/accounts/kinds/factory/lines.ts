import { capabilitiesOf, defineProvider, providerOfId, type FailureReading, type FailureReply, type Provider } from "@dragoman/core";
import type { AccountFacts, AccountLine, AccountModel } from "../../account-kind.ts";
import type { KindSettings } from "../../kind-settings.ts";
import { reasoningOfLevel } from "./levels.ts";
import { guessedModel, modelsOf, type FactoryModel, type FactoryModelType } from "./models.ts";

/** Operators set it as `base-url`; organisations in the EU have `https://api.eu.factory.ai` (seen in the field, 2026-03). */
export const FACTORY_URL = "https://api.factory.ai";

/** Dialect and place of each type of model, and whose habits those behind it have. */
const TYPES: Readonly<Record<FactoryModelType, { readonly dialect: string; readonly basePath: string; readonly like: string }>> = {
  anthropic: { dialect: "anthropic-messages", basePath: "/api/llm/a", like: "anthropic-compatible" },
  openai: { dialect: "openai-responses", basePath: "/api/llm/o/v1", like: "openai" },
  common: { dialect: "openai-chat", basePath: "/api/llm/o/v1", like: "openai-compatible" },
  google: { dialect: "gemini-generate-content", basePath: "/api/llm/g", like: "google" },
};

/** The vendor itself as a provider; each line is this with one dialect. */
export const factoryProvider: Provider = defineProvider({
  id: "factory", name: "Factory",
  baseUrl: FACTORY_URL,
  dialects: { "anthropic-messages": { basePath: TYPES.anthropic.basePath } },
  auth: { kind: "api-key", header: "authorization", scheme: "Bearer" },
  readFailure,
});

/**
 * 402: nothing is left to spend. 403 is the vendor's word about the request, and is told: another key would be asked the
 * same, and none is at fault.
 */
function readFailure({ status }: FailureReply): FailureReading | undefined {
  if (status === 402) return { kind: "quota-exhausted", credentialWide: true, end: "out-of-credit" };
  if (status === 403) return { kind: "request-rejected" };
  return status === 401 ? { kind: "credential-rejected", credentialWide: true } : undefined;
}

/** With the clients' own keys, what happens to one says nothing about the next. */
function readClientsFailure(reply: FailureReply): FailureReading | undefined {
  const reading = readFailure(reply);
  return reading === undefined ? undefined : { kind: reading.kind };
}

/** One line for each pair of type and provider, also where only names go that no list holds. */
export function linesOf(facts: AccountFacts, settings: KindSettings): readonly AccountLine[] {
  const takesAll = settings.options?.["unlisted-models"] === true;
  const lines = new Map<string, { readonly first: FactoryModel; readonly models: FactoryModel[] }>();
  for (const first of EXAMPLES.map(guessedModel)) lines.set(wayOf(first), { first, models: [] });
  for (const model of modelsOf(settings).byId.values()) {
    const line = lines.get(wayOf(model));
    if (line === undefined) lines.set(wayOf(model), { first: model, models: [model] });
    else line.models.push(model);
  }
  const isClients = facts.values?.clients !== undefined;
  return [...lines].map(([way, { first, models }]) => {
    const provider = { ...providerOf(first), readFailure: isClients ? readClientsFailure : readFailure };
    return {
      provider,
      models: models.map((model) => offered(model, provider)),
      unlisted: (name, isNamed) => (takesAll || isNamed || CLOUD_CLAUDE.test(name) ? unlistedAt(way, name, provider) : undefined),
    };
  });
}

/** Nobody else means such names. */
const CLOUD_CLAUDE = /^(bedrock|vertex)[-_:].*claude/i;

/** A name for every way that `guessedModel` may lead. */
const EXAMPLES = ["claude", "bedrock-claude", "vertex-claude", "gpt", "glm", "gemini"];

function wayOf({ type, provider }: FactoryModel): string {
  return `${type}\n${provider}`;
}

/** The model of a name that no list holds, if it goes this way. */
function unlistedAt(way: string, name: string, provider: Provider): AccountModel | undefined {
  const model = guessedModel(name);
  return wayOf(model) === way ? offered(model, provider) : undefined;
}

function providerOf({ type, provider }: FactoryModel): Provider {
  const { dialect, basePath, like } = TYPES[type];
  const model = providerOfId(type === "anthropic" && provider === "anthropic" ? "anthropic" : like);
  return defineProvider({
    ...factoryProvider,
    dialects: { [dialect]: { basePath } },
    capabilities: { ...model?.capabilities, stateful: false },
    ...(model?.models !== undefined && { models: model.models }),
    ...(model?.failures !== undefined && { failures: model.failures }),
  });
}

/** What is known of a model hangs on the vendor's name for it. */
function offered(model: FactoryModel, provider: Provider): AccountModel {
  const capabilities = capabilitiesOf(provider, model.model);
  const reasoning = reasoningOfLevel(model, capabilities);
  return {
    id: model.id, displayName: model.title, capabilities,
    ...(capabilities.contextTokens !== undefined && { contextTokens: capabilities.contextTokens }),
    ...(capabilities.maxOutputTokens !== undefined && { maxOutputTokens: capabilities.maxOutputTokens }),
    ...(reasoning !== undefined && { reasoning }),
    ...(model.model !== model.id && { forceMapping: true as const }),
  };
}
