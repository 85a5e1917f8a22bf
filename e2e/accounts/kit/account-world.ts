import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountEnvironment, AccountKind, AttemptRecord, Clock, Config, CooldownStore, Gateway, LogFields, OfficePorts } from "@dragoman/gateway";
import { createGateway } from "@dragoman/gateway";
import { accountFiles } from "../../../packages/server/src/host/account-files.ts";
import { dialWebSocket } from "../../../packages/server/src/host/dial-web-socket.ts";
import { fetchUpstream } from "../../../packages/server/src/host/fetch-upstream.ts";
import { homeFiles } from "../../../packages/server/src/host/home-files.ts";
import { systemIds } from "../../../packages/server/src/host/ports.ts";
import { CLIENT_KEY, configOf, listen, type Listening } from "../../kit/running.ts";

/** A clock that a test moves. */
export interface MovedClock extends Clock {
  advance(durationMs: number): void;
}

export function movedClock(startAt = Date.parse("2026-11-21T12:00:00Z")): MovedClock {
  let now = startAt;
  return {
    now: () => now,
    advance: (durationMs) => void (now += durationMs),
  };
}

export interface AccountWorldOptions {
  /** Stored logins by file name. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Over what every such gateway has: subscriptions are allowed. */
  readonly config?: Record<string, unknown>;
  /** A configuration file in place of all that, perhaps another gateway's, read together with the variables. */
  readonly configFile?: Record<string, unknown>;
  /** Settings of kinds: where the scripted vendor stands. */
  readonly kinds?: Record<string, unknown>;
  /** Kinds from outside. */
  readonly accountKinds?: readonly AccountKind[];
  readonly clock?: Clock;
  readonly office?: OfficePorts;
  /** Of the logins, in place of one that is made for the test; it stays when the world ends. */
  readonly directory?: string;
  /** Where pauses outlive this gateway. */
  readonly cooldowns?: CooldownStore;
  /** Variables, and a home directory where other programs keep their logins. The configuration must switch it on. */
  readonly environment?: { readonly variables: Readonly<Record<string, string>>; readonly home?: string };
}

/** A gateway with a directory of logins, on a port, with real files and real HTTP. */
export interface AccountWorld extends Listening {
  readonly gateway: Gateway;
  readonly config: Config;
  readonly directory: string;
  readonly attempts: AttemptRecord[];
  readonly log: { readonly event: string; readonly fields: LogFields }[];
  /** A stored login as it is on disk now. */
  stored(file: string): Record<string, unknown>;
  store(file: string, content: unknown): void;
  /** Asks the front door with the client's key. */
  ask(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

function surroundings({ variables, home }: NonNullable<AccountWorldOptions["environment"]>): AccountEnvironment {
  return { variables, ...(home !== undefined && { home: homeFiles(home) }) };
}

export async function startAccountWorld(options: AccountWorldOptions): Promise<AccountWorld> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "dragoman-accounts-"));
  const store = (file: string, content: unknown): void => writeFileSync(join(directory, file), `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  for (const [file, content] of Object.entries(options.files ?? {})) store(file, content);
  const attempts: AttemptRecord[] = [];
  const log: { event: string; fields: LogFields }[] = [];
  const config = options.configFile !== undefined ? configOf({ ...options.configFile, "auth-dir": directory, "logging-to-file": false }, options.environment?.variables) : configOf({
    "api-keys": [CLIENT_KEY], "auth-dir": directory, "logging-to-file": false, discovery: { environment: false, local: false },
    accounts: { subscriptions: true, kinds: options.kinds ?? {} }, ...options.config,
  });
  const gateway = createGateway({
    config,
    sealKeys: [new TextEncoder().encode("seal key of the tests, 32 bytes!")],
    accountFiles: accountFiles(() => directory),
    ...(options.accountKinds !== undefined && { accountKinds: options.accountKinds }),
    ...(options.office !== undefined && { office: options.office }),
    ...(options.cooldowns !== undefined && { cooldowns: options.cooldowns }),
    ...(options.environment !== undefined && { accountEnvironment: surroundings(options.environment) }),
    ports: {
      fetch: fetchUpstream,
      dialWebSocket,
      clock: options.clock ?? movedClock(),
      ids: systemIds,
      logger: { log: (_level, event, fields = {}) => void log.push({ event, fields }) },
      background: { run: (work) => void work.catch(() => undefined) },
      usage: { record: (attempt) => void attempts.push(attempt) },
    },
  });
  await gateway.accounts?.start();
  const listening = listen((request) => gateway.fetch(request));
  return {
    ...listening, gateway, config, directory, attempts, log, store,
    stored: (file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as Record<string, unknown>,
    ask: (path, body, headers = {}) => fetch(listening.origin + path, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}`, ...headers }, body: JSON.stringify(body) }),
    async close() {
      await listening.close();
      gateway.close();
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}
