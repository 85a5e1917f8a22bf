import type { ModelView, UpstreamView } from "../../../../gateway/src/management/contract/house.ts";
import type { AttemptView } from "../../../../gateway/src/management/contract/usage.ts";
import { ACCOUNTS, OFFERS, PRICES_FROM, UPSTREAMS } from "./catalogue.ts";
import { Refusal } from "./refusal.ts";

type Credential = UpstreamView["credentials"][number];
type Cooldown = Credential["cooldowns"][number];

const DAY = 86_400_000;

export interface House {
  readonly handlers: Readonly<Record<string, unknown>>;
  resetQuota(index: string): readonly string[];
}

export function makeHouse(attempts: () => readonly AttemptView[], now: number): House {
  const disabled = new Set<string>(["b80e64d1f3927ac5"]);
  const cooldowns = new Map<string, readonly Cooldown[]>([
    ["c94d21e87f50ab36", [{ model: "gemini-2.5-pro", until: now + 2 * 3_600_000 + 9 * 60_000, kind: "quota-exhausted", fromVendor: true }, { model: "gemini-2.5-flash", until: now + 95_000, kind: "rate-limited", fromVendor: false }]],
  ]);
  const credentialsOf = (upstream: string): readonly Credential[] => ACCOUNTS.filter((account) => account.upstream === upstream).map(({ index, label, configPath }) => {
    const recent = attempts().filter(({ credentialIndex, startedAt }) => credentialIndex === index && startedAt > now - DAY);
    const pauses = cooldowns.get(index) ?? [];
    return {
      index, label, disabled: disabled.has(index), state: disabled.has(index) ? "disabled" : upstream === "openrouter" ? "failing" : pauses.length > 0 ? "cooling" : "ready",
      ...(upstream === "openrouter" && { message: "The last call was refused: 402 (no credit left)." }),
      ...(configPath !== undefined && { configPath }), priority: 0, proxied: upstream === "codex", cooldowns: [...pauses],
      requests24h: recent.length, failed24h: recent.filter(({ outcome }) => outcome === "failed").length, costUsd24h: recent.reduce((so, { costUsd }) => so + (costUsd ?? 0), 0),
    } satisfies Credential;
  });
  const find = (index: string): (typeof ACCOUNTS)[number] => {
    const account = ACCOUNTS.find((one) => one.index === index);
    if (account === undefined) throw new Refusal(404, "there is no such credential");
    return account;
  };
  return {
    resetQuota(index) {
      const account = ACCOUNTS.find((one) => one.index === index);
      if (account === undefined) throw new Refusal(404, "auth not found");
      const models = (cooldowns.get(index) ?? []).map(({ model }) => model);
      cooldowns.delete(index);
      return models;
    },
    handlers: {
      providers: () => ({ upstreams: Object.entries(UPSTREAMS).map(([name, facts]) => ({ name, ...facts, models: OFFERS.filter(({ upstreams }) => upstreams.includes(name)).length, credentials: credentialsOf(name) })) }),
      setCredential: ({ params, body }: { params: { index: string }; body: { disabled: boolean } }) => {
        if (find(params.index).configPath === undefined) throw new Refusal(409, "it does not come from the configuration");
        if (body.disabled) disabled.add(params.index);
        else disabled.delete(params.index);
        return { status: "ok" };
      },
      testCredential: ({ params, body }: { params: { index: string }; body: { model?: string } }) => {
        const { upstream } = find(params.index);
        const model = body.model ?? OFFERS.find(({ upstreams }) => upstreams.includes(upstream))?.id ?? "unknown";
        return upstream === "openrouter" ? { ok: false, model, status: 402, durationMs: 318, message: "Insufficient credits" } : { ok: true, model, status: 200, durationMs: 642, message: "OK" };
      },
      models: () => ({ models: OFFERS.map(modelView), pricesFrom: PRICES_FROM }),
      connect: ({ query }: { query: { key?: string; model?: string } }) => ({ baseUrl: "http://127.0.0.1:8317", clients: recipes(query.key ?? "KEY", query.model ?? "claude-sonnet-4-5") }),
      system: () => ({ version: "0.1.0", runtime: "bun 1.4.4", startedAt: now - 3 * DAY, store: "sqlite", configPath: "~/.dragoman/config.yaml", dataDirectory: "~/.dragoman", pricesFrom: PRICES_FROM, records: attempts().length, allowRemote: false, capture: false }),
    },
  };
}

function modelView({ id, name, upstreams, context, output, price, aliasOf }: (typeof OFFERS)[number]): ModelView {
  return {
    id, ...(aliasOf !== undefined && { aliasOf }), ...(name !== undefined && { displayName: name }), ...(context !== undefined && { contextTokens: context }), ...(output !== undefined && { outputTokens: output }),
    servedBy: upstreams.flatMap((upstream) => {
      const facts = UPSTREAMS[upstream];
      return facts === undefined ? [] : [{ upstream, provider: facts.provider, dialect: facts.dialect, model: aliasOf ?? id, ready: upstream !== "gemini" && upstream !== "openrouter" }];
    }),
    ...(price !== undefined && { price: { tiers: 0, source: "catalogue", ...price } }),
  };
}

function recipes(key: string, model: string): readonly unknown[] {
  const base = "http://127.0.0.1:8317";
  return [
    { id: "claude-code", name: "Claude Code", homepage: "https://docs.anthropic.com/en/docs/claude-code", dialect: "anthropic-messages", steps: [{ title: "Shell", language: "bash", text: `export ANTHROPIC_BASE_URL=${base}\nexport ANTHROPIC_AUTH_TOKEN=${key}\nexport ANTHROPIC_MODEL=${model}\nclaude` }, { title: "Or in the settings file", file: "~/.claude/settings.json", language: "json", text: JSON.stringify({ env: { ANTHROPIC_BASE_URL: base, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: model } }, null, 2) }] },
    { id: "codex", name: "Codex CLI", dialect: "openai-responses", steps: [{ title: "Provider", file: "~/.codex/config.toml", language: "toml", text: `model = "${model}"\nmodel_provider = "dragoman"\n\n[model_providers.dragoman]\nname = "Dragoman"\nbase_url = "${base}/v1"\nenv_key = "DRAGOMAN_KEY"\nwire_api = "responses"` }, { title: "Key", language: "bash", text: `export DRAGOMAN_KEY=${key}\ncodex` }] },
    { id: "gemini-cli", name: "Gemini CLI", dialect: "gemini-generate-content", steps: [{ title: "Shell", language: "bash", text: `export GOOGLE_GEMINI_BASE_URL=${base}\nexport GEMINI_API_KEY=${key}\ngemini --model ${model}` }] },
    { id: "openai-python", name: "OpenAI SDK (Python)", dialect: "openai-chat", steps: [{ title: "Client", language: "python", text: `from openai import OpenAI\n\nclient = OpenAI(base_url="${base}/v1", api_key="${key}")\nprint(client.chat.completions.create(model="${model}", messages=[{"role": "user", "content": "Hello"}]).choices[0].message.content)` }] },
    { id: "curl", name: "curl", dialect: "openai-chat", steps: [{ title: "A first call", language: "bash", text: `curl ${base}/v1/chat/completions \\\n  -H "authorization: Bearer ${key}" -H "content-type: application/json" \\\n  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'` }] },
  ];
}
