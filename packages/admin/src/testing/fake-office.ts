import { parseDocument } from "yaml";
import { OPERATIONS } from "../../../gateway/src/management/contract/index.ts";
import type { Operation } from "../../../gateway/src/management/contract/operation.ts";
import { makeAccounts } from "./fake/accounts.ts";
import { makeAttempts } from "./fake/attempts.ts";
import { makeAudit } from "./fake/audit.ts";
import { makeConfigFile, type Schema } from "./fake/config-file.ts";
import { makeHouse } from "./fake/house.ts";
import { makeLive } from "./fake/live.ts";
import { makeLogs } from "./fake/logs.ts";
import { makePeople } from "./fake/people.ts";
import { answerPlayground } from "./fake/playground.ts";
import { Refusal } from "./fake/refusal.ts";
import { makeSession } from "./fake/session.ts";
import { makeUsage } from "./fake/usage.ts";

const BASE = "/v0/management";

export interface FakeOfficeOptions {
  /** JSON Schema of the configuration file, as `config.schema.json` in the repository's root. */
  readonly configSchema: Schema;
  /** Epoch ms at which everything happened just now. */
  readonly now?: number;
  readonly session?: "signed-in" | "signed-out" | "setup";
}

export interface FakeOffice {
  /** `undefined`: no path of the office's. */
  fetch(request: Request): Promise<Response> | undefined;
  /** Puts another text into the file, as somebody else would. */
  writeConfig(text: string): void;
}

type Handler = (errand: { readonly params: unknown; readonly query: unknown; readonly body: unknown }) => unknown;

/**
 * An office in memory for developing the pages and for their tests: the whole contract, made-up data, no gateway behind
 * it. Requests and replies are held against the contract's schemas, so it cannot drift from the real one in shape.
 */
export function createFakeOffice(options: FakeOfficeOptions): FakeOffice {
  const now = options.now ?? Date.now();
  const clock = (): number => Math.max(now, Date.now());
  const people = makePeople(now);
  const attempts = makeAttempts(now, people);
  const house = makeHouse(() => attempts, now);
  const config = makeConfigFile(options.configSchema);
  const logs = makeLogs(() => attempts, clock);
  const audit = makeAudit(now, clock);
  const session = makeSession(options.session ?? "signed-in", clock);
  const handlers = { ...people.handlers, ...makeUsage(() => attempts, clock), ...makeLive(() => attempts, clock), ...house.handlers, ...makeAccounts(now, clock, () => config.subscriptions()).handlers, ...config.handlers, ...audit.handlers, ...session.handlers, playground: ({ body }: { body: { path: string } }) => answerPlayground(body) } as unknown as Readonly<Record<string, Handler>>;

  /** Paths that follow CLIProxyAPI's interface. */
  const compatible = async (request: Request, path: string, query: URLSearchParams): Promise<unknown> => {
    if (path === "/config.yaml" && request.method === "GET") return new Response(config.text(), { headers: { "content-type": "application/yaml; charset=utf-8" } });
    if (path === "/config.yaml" && request.method === "PUT") {
      config.replace(await request.text());
      audit.write("config.changed", "config.yaml");
      return { ok: true, changed: ["config"] };
    }
    if (path === "/config" && request.method === "GET") return parseDocument(config.text()).toJS();
    if (path === "/auth-files" && request.method === "POST") return { status: "ok" };
    if (path === "/auth-files/download") return { type: "claude", email: "team@example.com" };
    if (path === "/api-keys" && request.method === "GET") return { "api-keys": [] };
    if (path === "/reset-quota" && request.method === "POST") {
      const index = String(((await request.json()) as Record<string, unknown>).auth_index);
      return { status: "ok", auth_index: index, models: house.resetQuota(index) };
    }
    return logs.handle(request.method, path, query) ?? new Response("404 page not found", { status: 404 });
  };

  const serve = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    try {
      const found = findOperation(request.method, url.pathname);
      if (!session.signedIn() && found?.operation.auth !== "open") throw new Refusal(401, "missing management key");
      const reply = found === undefined ? await compatible(request, url.pathname.slice(BASE.length), url.searchParams) : await carryOut(found, request, url.searchParams);
      if (found?.operation.audit !== undefined) audit.write(found.operation.audit, Object.values(found.params).join(" ") || undefined);
      return reply instanceof Response ? reply : reply === undefined ? new Response(null, { status: 204 }) : Response.json(reply, { status: found?.operation.status ?? 200 });
    } catch (error) {
      if (error instanceof Refusal) return Response.json(error.body, { status: error.status });
      throw error;
    }
  };

  const carryOut = async ({ operation, params }: Found, request: Request, query: URLSearchParams): Promise<unknown> => {
    const handler = handlers[operation.id];
    if (handler === undefined) throw new Refusal(501, `the fake office does not do ${operation.id}`);
    const text = operation.body === undefined ? "" : await request.text();
    const reply = await handler({
      params: parsed(operation.params, params),
      query: parsed(operation.query, Object.fromEntries(query)),
      body: parsed(operation.body, text === "" ? {} : JSON.parse(text)),
    });
    return reply instanceof Response || operation.reply === undefined ? reply : operation.reply.parse(reply);
  };

  return {
    fetch: (request) => (new URL(request.url).pathname.startsWith(`${BASE}/`) ? serve(request) : undefined),
    writeConfig: (text) => config.replace(text),
  };
}

interface Found {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** Fixed paths go before those with variable parts: `/live/events` before `/live/{requestId}`. */
function findOperation(method: string, path: string): Found | undefined {
  const all = (Object.values(OPERATIONS) as readonly unknown[] as readonly Operation[]).filter((operation) => operation.method === method);
  const fixed = all.find((operation) => operation.path === path);
  if (fixed !== undefined) return { operation: fixed, params: {} };
  for (const operation of all) {
    const groups = new RegExp(`^${operation.path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`).exec(path)?.groups;
    if (groups !== undefined) return { operation, params: Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)])) };
  }
  return undefined;
}

function parsed(schema: Operation["body"], value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Refusal(400, { error: "invalid body", message: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}` });
}
