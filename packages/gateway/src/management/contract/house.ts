import { z } from "zod";
import { BASE, defineOperation, ok, time } from "./operation.ts";

const common = { auth: "management" as const };

export const credentialView = z.strictObject({
  index: z.string().describe("16 hex digits; `auth_index` elsewhere"), label: z.string(), state: z.enum(["ready", "cooling", "disabled", "failing"]), disabled: z.boolean(),
  /** Why it is not ready, for people. */
  message: z.string().optional(),
  /** Where it stands in the configuration: `claude-api-key[0]`; absent when it was found in the environment. */
  configPath: z.string().optional(), priority: z.number(), proxied: z.boolean(),
  cooldowns: z.array(z.strictObject({ model: z.string().describe("`*` is all of them"), until: time, kind: z.string().optional(), fromVendor: z.boolean() })),
  requests24h: z.number(), failed24h: z.number(), costUsd24h: z.number(),
});
export const upstreamView = z.strictObject({ name: z.string(), provider: z.string(), dialect: z.string(), baseUrl: z.string(), models: z.number(), credentials: z.array(credentialView) });
export type UpstreamView = z.infer<typeof upstreamView>;

export const priceView = z.strictObject({ input: z.number(), output: z.number(), cacheRead: z.number().optional(), cacheWrite: z.number().optional(), tiers: z.number(), source: z.enum(["catalogue", "file", "configuration", "local"]) });
export const modelView = z.strictObject({ id: z.string(), aliasOf: z.string().optional(), displayName: z.string().optional(), contextTokens: z.number().optional(), outputTokens: z.number().optional(), servedBy: z.array(z.strictObject({ upstream: z.string(), provider: z.string(), dialect: z.string(), model: z.string(), ready: z.boolean() })), price: priceView.optional() });
export type ModelView = z.infer<typeof modelView>;

export const auditView = z.strictObject({ id: z.number(), at: time, actor: z.string(), address: z.string().optional(), action: z.string(), target: z.string().optional(), details: z.record(z.string(), z.unknown()).optional() });

/** Settings of one client, ready to copy. `KEY` and `URL` in the texts are already replaced, but for a key that is not known any more. */
export const clientRecipe = z.strictObject({ id: z.string(), name: z.string(), homepage: z.string().optional(), dialect: z.string(), steps: z.array(z.strictObject({ title: z.string(), file: z.string().optional(), language: z.enum(["bash", "json", "toml", "yaml", "ini", "text", "python", "typescript"]), text: z.string() })) });
export type ClientRecipe = z.infer<typeof clientRecipe>;

export const houseOperations = {
  providers: defineOperation({ ...common, tag: "Providers", id: "providers", method: "GET", path: `${BASE}/providers`, summary: "Upstreams and their credentials: state, cooldowns, use", reply: z.strictObject({ upstreams: z.array(upstreamView) }) }),
  setCredential: defineOperation({ ...common, tag: "Providers", id: "setCredential", method: "PATCH", path: `${BASE}/providers/credentials/{index}`, summary: "Switch a configured credential off or on", params: z.strictObject({ index: z.string() }), body: z.strictObject({ disabled: z.boolean() }), reply: ok, audit: "credential.switched", failures: { 404: "there is no such credential", 409: "it does not come from the configuration, or that has changed meanwhile" } }),
  testCredential: defineOperation({ ...common, tag: "Providers", id: "testCredential", method: "POST", path: `${BASE}/providers/credentials/{index}/test`, summary: "A very small call through this credential and no other", params: z.strictObject({ index: z.string() }), body: z.strictObject({ model: z.string().optional() }), reply: z.strictObject({ ok: z.boolean(), model: z.string(), status: z.number(), durationMs: z.number(), message: z.string() }), failures: { 404: "there is no such credential" } }),
  models: defineOperation({ ...common, tag: "Models", id: "models", method: "GET", path: `${BASE}/models`, summary: "What is served, by whom, at what price", reply: z.strictObject({ models: z.array(modelView), pricesFrom: z.string().describe("date of the catalogue") }) }),
  configSchema: defineOperation({ ...common, tag: "Configuration", id: "configSchema", method: "GET", path: `${BASE}/config/schema`, summary: "JSON Schema of the configuration file", reply: z.record(z.string(), z.unknown()) }),
  checkConfig: defineOperation({ ...common, tag: "Configuration", id: "checkConfig", method: "POST", path: `${BASE}/config/check`, summary: "What a text would change, without changing anything", body: z.strictObject({ text: z.string() }), reply: z.strictObject({ ok: z.boolean(), problems: z.array(z.strictObject({ path: z.string(), line: z.number().optional(), message: z.string() })), notes: z.array(z.strictObject({ path: z.string(), line: z.number().optional(), message: z.string() })), changes: z.array(z.strictObject({ path: z.string(), summary: z.string(), reload: z.enum(["live", "restart"]) })) }) }),
  changeConfig: defineOperation({ ...common, tag: "Configuration", id: "changeConfig", method: "PATCH", path: `${BASE}/config`, summary: "Set or remove values by path; comments and order of the file stay", body: z.strictObject({ set: z.array(z.strictObject({ path: z.array(z.union([z.string(), z.number()])).min(1), value: z.json() })).default([]), remove: z.array(z.array(z.union([z.string(), z.number()])).min(1)).default([]) }), reply: ok, audit: "config.changed", failures: { 422: "the result would not be a valid configuration" } }),
  audit: defineOperation({ ...common, tag: "Audit", id: "audit", method: "GET", path: `${BASE}/audit`, summary: "Who changed what, newest first", query: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100), before: z.coerce.number().int().optional(), action: z.string().optional() }), reply: z.strictObject({ entries: z.array(auditView), nextBefore: z.number().optional() }) }),
  connect: defineOperation({ ...common, tag: "Clients", id: "connect", method: "GET", path: `${BASE}/connect`, summary: "Settings for each client, ready to copy", query: z.strictObject({ key: z.string().optional().describe("only `KEY` placeholders when absent; never logged"), model: z.string().optional() }), reply: z.strictObject({ baseUrl: z.string(), clients: z.array(clientRecipe) }) }),
  system: defineOperation({ ...common, tag: "System", id: "system", method: "GET", path: `${BASE}/system`, summary: "Version, store, uptime", reply: z.strictObject({ version: z.string(), runtime: z.string(), startedAt: time, store: z.string(), configPath: z.string().optional(), dataDirectory: z.string().optional(), pricesFrom: z.string(), records: z.number().optional(), allowRemote: z.boolean(), capture: z.boolean() }) }),
};
