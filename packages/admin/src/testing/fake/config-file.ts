import { parse, parseDocument } from "yaml";
import { Refusal } from "./refusal.ts";

export const FIRST_CONFIG = `# Dragoman on the office server.
host: "0.0.0.0"
port: 8317

api-keys: []

claude-api-key:
  - api-key: "\${ANTHROPIC_API_KEY}"     # the main account
    priority: 0
  - api-key: "sk-ant-example-p2Lk"
    excluded-models: ["*"]

codex-api-key:
  - api-key: "\${OPENAI_API_KEY}"
    base-url: "https://api.openai.com/v1"
    proxy-url: "socks5://proxy.example.com:1080"

gemini-api-key:
  - api-key: "\${GEMINI_API_KEY}"

openai-compatibility:
  - name: "openrouter"
    base-url: "https://openrouter.ai/api/v1"
    api-key-entries:
      - api-key: "\${OPENROUTER_API_KEY}"
    models:
      - name: "moonshotai/kimi-k2"
        alias: "kimi-k2"

request-retry: 2
routing:
  strategy: "round-robin"
logging-to-file: true
accounts:
  subscriptions: [claude, codex]
remote-management:
  allow-remote: true
`;

export type Schema = { readonly [key: string]: unknown; readonly properties?: Readonly<Record<string, Schema>>; readonly anyOf?: readonly Schema[] };

export interface ConfigFile {
  text(): string;
  /** What stands at `accounts.subscriptions`. */
  subscriptions(): boolean | readonly string[];
  /** @throws Refusal as the real office does */
  replace(text: string): void;
  readonly handlers: Readonly<Record<string, unknown>>;
}

/** A file in memory that is checked for syntax, unknown top-level keys and plain types only. */
export function makeConfigFile(schema: Schema): ConfigFile {
  let current = FIRST_CONFIG;
  const check = (text: string) => checkText(text, current, schema);
  const replace = (text: string): void => {
    const { ok, problems, syntax } = check(text);
    if (syntax) throw new Refusal(400, { error: "invalid_yaml", message: problems[0]?.message });
    if (!ok) throw new Refusal(422, { error: "invalid_config", message: problems.map(({ path, message }) => `${path}: ${message}`).join("; ") });
    current = text;
  };
  return {
    text: () => current,
    subscriptions: () => (parse(current) as { readonly accounts?: { readonly subscriptions?: boolean | readonly string[] } }).accounts?.subscriptions ?? false,
    replace,
    handlers: {
      configSchema: () => schema,
      checkConfig: ({ body }: { body: { text: string } }) => {
        const { syntax: _syntax, ...reply } = check(body.text);
        return reply;
      },
      changeConfig: ({ body }: { body: { set: readonly { path: (string | number)[]; value: unknown }[]; remove: readonly (string | number)[][] } }) => {
        const document = parseDocument(current);
        for (const { path, value } of body.set) document.setIn(path, value);
        for (const path of body.remove) document.deleteIn(path);
        replace(document.toString({ lineWidth: 0 }));
        return { status: "ok" };
      },
    },
  };
}

interface Place { readonly path: string; readonly line?: number; readonly message: string }

function checkText(text: string, before: string, schema: Schema): { ok: boolean; syntax: boolean; problems: readonly Place[]; notes: readonly Place[]; changes: readonly object[] } {
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault !== undefined) return { ok: false, syntax: true, problems: [{ path: "", line: fault.linePos?.[0].line ?? 1, message: fault.message.split("\n")[0] ?? "not YAML" }], notes: [], changes: [] };
  const tree = (document.toJS() ?? {}) as Readonly<Record<string, unknown>>;
  const lineOf = (key: string): number => text.split("\n").findIndex((line) => line.startsWith(`${key}:`)) + 1;
  const problems = Object.entries(tree).flatMap(([key, value]): readonly Place[] => {
    const field = schema.properties?.[key];
    if (field === undefined) return [{ path: key, line: lineOf(key), message: "unknown key" }];
    return fits(value, field) ? [] : [{ path: key, line: lineOf(key), message: `expected ${String(field.anyOf?.[0]?.type ?? field.type)}` }];
  });
  const old = (parseDocument(before).toJS() ?? {}) as Readonly<Record<string, unknown>>;
  const changes = [...new Set([...Object.keys(old), ...Object.keys(tree)])].filter((key) => JSON.stringify(old[key]) !== JSON.stringify(tree[key])).map((key) => ({
    path: key, summary: typeof tree[key] === "object" || typeof old[key] === "object" ? "changed" : `${String(old[key] ?? "absent")} → ${String(tree[key] ?? "absent")}`, reload: schema.properties?.[key]?.["x-reload"] === "restart" ? "restart" : "live",
  }));
  return { ok: problems.length === 0, syntax: false, problems, notes: [], changes };
}

function fits(value: unknown, field: Schema): boolean {
  if (typeof value === "string" && /^\$\{[^}]+\}$/.test(value)) return true;
  const types = (field.anyOf ?? [field]).filter(({ pattern }) => pattern === undefined || !String(pattern).includes(String.raw`\$\{`)).map(({ type }) => type);
  return types.includes(undefined) || types.includes(Array.isArray(value) ? "array" : typeof value === "number" ? "integer" : typeof value);
}
