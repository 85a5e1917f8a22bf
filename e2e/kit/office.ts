import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, type AccountKind, type AttemptRecord, type CallObserver, type Gateway, type LogFields, type OfficePorts, type Ports, type Store } from "@dragoman/gateway";
import { FileConfigKeeper } from "../../packages/server/src/config/config-keeper.ts";
import { loadConfig } from "../../packages/server/src/config/load-config.ts";
import { accountFiles } from "../../packages/server/src/host/account-files.ts";
import { loopbackPort } from "../../packages/server/src/host/callback-port.ts";
import { fetchUpstream } from "../../packages/server/src/host/fetch-upstream.ts";
import { bcryptPasswords } from "../../packages/server/src/host/passwords.ts";
import { systemClock, systemIds } from "../../packages/server/src/host/ports.ts";
import { resolveHost } from "../../packages/server/src/host/resolve-host.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite.ts";
import { CLIENT_KEY, listen, type Listening } from "./running.ts";

export { CLIENT_KEY } from "./running.ts";

export const MANAGEMENT_KEY = "management key of the tests";
/** The cheapest that bcrypt knows: the tests have many gateways. */
const COST = 4;
const HASH = Bun.password.hashSync(MANAGEMENT_KEY, { algorithm: "bcrypt", cost: COST });

export interface OfficeOptions {
  /** The configuration file; absent: one with the management and client keys of the tests, and `more`. `null`: there is no file. */
  readonly config?: string | null;
  /** YAML behind the usual configuration. */
  readonly more?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly office?: Partial<OfficePorts>;
  readonly ports?: Partial<Ports>;
  readonly observers?: readonly CallObserver[];
  /** Logins are stored below the directory of the office; with these kinds in place of those of the same name. */
  readonly accountKinds?: readonly AccountKind[];
}

/** A gateway with its office on a port: configuration in a file of its own, users and usage in a database of its own. */
export interface RunningOffice extends Listening {
  readonly gateway: Gateway;
  readonly store: Store;
  readonly keeper: FileConfigKeeper;
  readonly directory: string;
  readonly configPath: string;
  readonly log: { readonly event: string; readonly fields: LogFields }[];
  /** Where callers seem to come from; this machine, until a test says otherwise. */
  readonly visitor: { address: string };
  /** Epoch ms of the gateway's clock; moves with the real one, and as far as `advance` says. */
  readonly clock: { now(): number; advance(ms: number): void };
  configText(): string;
  /** A call to the management API with the management key: `get("/debug")`, `call("PUT", "/debug", { body: { value: true } })`. */
  call(method: string, path: string, options?: ManagementCall): Promise<Answer>;
  get(path: string, options?: ManagementCall): Promise<Answer>;
  /** Records of the store, when all that was answered so far is in it. */
  records(query: Parameters<Store["usage"]["records"]>[0]): Promise<readonly AttemptRecord[]>;
}

export interface ManagementCall {
  /** Sent as JSON; texts and forms as they are. */
  readonly body?: unknown;
  /** `null`: none. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `undefined` when it is none. */
  readonly body: unknown;
}

export function usualConfig(more = ""): string {
  return `# of the tests\nlogging-to-file: false\napi-keys:\n  - ${CLIENT_KEY}\ndiscovery: { environment: false, local: false }\nremote-management:\n  secret-key: "${HASH}"\n${more}`;
}

export async function startOffice(options: OfficeOptions = {}): Promise<RunningOffice> {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-office-"));
  const configPath = join(directory, "config.yaml");
  if (options.config !== null) writeFileSync(configPath, options.config ?? usualConfig(options.more));
  const result = loadConfig({ directory, environment: options.environment ?? {} });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const store = openSqliteStore(":memory:");
  await store.migrate();
  let ahead = 0;
  const clock = { now: () => systemClock.now() + ahead, advance: (ms: number) => void (ahead += ms) };
  const log: { event: string; fields: LogFields }[] = [];
  const visitor = { address: "127.0.0.1" };
  const passwords = bcryptPasswords(COST);
  const keeper = new FileConfigKeeper({ loaded: result.loaded, newPath: configPath, passwords, putInForce: (config) => gateway.reload(config) });
  const written: Promise<void>[] = [];
  const files = accountFiles(() => join(directory, "auth"));
  const gateway: Gateway = createGateway({
    config: result.loaded.config,
    sealKeys: [new TextEncoder().encode("seal key of the tests, 32 bytes!")],
    ports: {
      fetch: fetchUpstream, resolveHost, clock, ids: systemIds, store,
      secretKey: new TextEncoder().encode("secret key of the tests 32 bytes"),
      logger: { log: (_level, event, fields = {}) => void log.push({ event, fields }) },
      background: { run: (work) => void work.catch(() => undefined) },
      usage: { record: (attempt) => void written.push(store.usage.append([attempt])), flush: async () => void (await Promise.all(written)) },
      ...options.ports,
    },
    ...(options.observers !== undefined && { observers: options.observers }),
    ...(options.accountKinds !== undefined && { accountFiles: files, accountKinds: options.accountKinds, callbackPort: loopbackPort }),
    office: { ...(options.accountKinds !== undefined && { authFiles: files }), config: keeper, passwords, facts: { runtime: "tests", startedAt: clock.now(), dataDirectory: directory, url: () => listening.origin }, ...options.office },
  });
  const listening = listen((request) => gateway.fetch(request, visitor));
  /** What was answered is on record, but in the store only a little later. */
  const recorded = async (): Promise<void> => gateway.engine.ports.usage.flush?.();
  const call: RunningOffice["call"] = async (method, path, given) => {
    await recorded();
    return ask(listening.origin, { method, path, ...given });
  };
  return {
    ...listening, gateway, store, keeper, directory, configPath, log, visitor, clock, call,
    get: (path, given) => call("GET", path, given),
    async records(query) {
      await recorded();
      return (await store.usage.records(query)).records;
    },
    configText: () => readFileSync(configPath, "utf8"),
    async close() {
      await listening.close();
      gateway.close();
      await Promise.allSettled(written);
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Paths under the management API may leave its beginning out. */
async function ask(origin: string, { method, path, body, key = MANAGEMENT_KEY, headers = {} }: ManagementCall & { readonly method: string; readonly path: string }): Promise<Answer> {
  const isRaw = typeof body === "string" || body instanceof FormData || body instanceof Blob;
  const response = await fetch(path.startsWith("//") ? origin + path.slice(1) : `${origin}/v0/management${path}`, {
    method,
    redirect: "manual",
    headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...(body !== undefined && !isRaw && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
