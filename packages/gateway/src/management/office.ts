import type { Json } from "@dragoman/core";
import type { AccountPool } from "../accounts/account-pool.ts";
import type { Logins } from "../accounts/login/begun-login.ts";
import type { Principal, Visitor } from "../access/principal.ts";
import type { Config, ConfigChange, ConfigNote, ConfigProblem } from "../config/index.ts";
import type { GatewayMetrics } from "../observe/metrics/gateway-metrics.ts";
import type { LiveMonitor } from "../observe/live/monitor.ts";
import type { Engine } from "../pipeline/call.ts";
import type { ReloadableSwitchboard } from "../routing/create-switchboard.ts";
import type { GatewaySettings } from "../settings.ts";
import type { Store } from "../store/port.ts";
import type { OfficeAccess } from "./access/office-access.ts";
import type { RecentRequests } from "../observe/recent-requests.ts";
import type { Switchboard } from "../routing/switchboard.ts";
import type { UsageQueue } from "./compatible/usage/queue.ts";
import type { Operation } from "./contract/operation.ts";
import type { LoginSessions } from "./login-sessions.ts";

/** What only the host can do for the office. A member that is absent makes its endpoints say so. */
export interface OfficePorts {
  readonly config: ConfigKeeper;
  readonly passwords: Passwords;
  /** `MANAGEMENT_PASSWORD`: good from anywhere, and lets remote callers in. */
  readonly environmentKey?: string;
  /** Good from loopback only; given by a program that started this one. */
  readonly localKey?: string;
  readonly applicationLog?: ApplicationLog;
  /** Log files of single requests. */
  readonly requestLogs?: NamedFiles;
  /** Stored logins, `*.json`. */
  readonly authFiles?: NamedFiles;
  readonly facts: HostFacts;
  /** While no management key is set: the one-time token of the link that the host printed. */
  readonly firstRun?: { readonly token: string; readonly expiresAt: number };
}

export interface HostFacts {
  readonly runtime: string;
  readonly startedAt: number;
  readonly dataDirectory?: string;
  /** The address at which clients reach this program. */
  readonly url: () => string;
  /** Minutes that the server's clock is ahead of UTC at a moment; absent: the runtime's own zone. */
  readonly utcOffsetMinutes?: (at: number) => number;
}

/** The configuration file, and the only hand that writes it. Writes stand in line; each is whole on disk before it is put in place. */
export interface ConfigKeeper {
  current(): { readonly config: Config; /** Absent without a file. */ readonly path?: string };
  /** The file as it is; `undefined` when there is none. */
  text(): string | undefined;
  /** The file's own tree: references such as `${NAME}` are not replaced, legacy keys are migrated. */
  tree(): { readonly [key: string]: Json };
  /** The same with references replaced. */
  expandedTree(): { readonly [key: string]: Json };
  /**
   * Rewrites the file so that it says what `edit` made of its tree: comments, order and unknown keys stay, a value that
   * equals what a reference stands for keeps the reference. The new configuration is in force when this resolves.
   * @throws ConfigRefused and then nothing has changed
   */
  change(edit: (tree: { readonly [key: string]: Json }, expanded: { readonly [key: string]: Json }) => { readonly [key: string]: Json }): Promise<void>;
  /** Puts a whole text in place of the file, byte for byte. @throws ConfigRefused */
  replace(text: string): Promise<void>;
  /** What a text would do. `problems` carry the line where it can be told. */
  check(text: string): { readonly syntaxError?: string; readonly problems: readonly LocatedProblem[]; readonly notes: readonly (ConfigNote & { readonly line?: number })[]; readonly changes: readonly ConfigChange[] };
}

export interface LocatedProblem extends ConfigProblem {
  /** From 1. */
  readonly line?: number;
}

/** A text that cannot be the configuration: not YAML, or not valid; or a file that cannot be written, or is another gateway's. */
export class ConfigRefused extends Error {
  override readonly name = "ConfigRefused";
  readonly kind: "syntax" | "invalid" | "write" | "foreign";
  readonly problems: readonly LocatedProblem[];

  constructor(kind: ConfigRefused["kind"], message: string, problems: readonly LocatedProblem[] = []) {
    super(message);
    this.kind = kind;
    this.problems = problems;
  }
}

/** bcrypt. */
export interface Passwords {
  hash(secret: string): Promise<string>;
  verify(secret: string, hash: string): Promise<boolean>;
}

export interface LogFileFacts {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: number;
}

export interface ApplicationLog {
  /** Files are not written when this is false. */
  readonly enabled: boolean;
  /** Oldest first, the one in use last. None: nothing was written yet. */
  files(): Promise<readonly LogFileFacts[]>;
  /** Bytes from `from` to before `to`; fewer when the file ends or is gone. */
  read(name: string, from: number, to: number): Promise<Uint8Array>;
  /** Empties the current file, removes the older ones. @returns files removed */
  clear(): Promise<number>;
}

/** Files in one directory, by name. Names with separators never reach it. */
export interface NamedFiles {
  /** Absolute. */
  readonly directory: string;
  list(): Promise<readonly { readonly name: string; readonly size: number; readonly modifiedAt: number; readonly createdAt: number }[]>;
  read(name: string): Promise<Uint8Array | undefined>;
  /** Whole or not at all, for the owner only. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** @returns whether there was one */
  remove(name: string): Promise<boolean>;
}

/** The office as its desks see it. */
export interface Office {
  readonly ports: OfficePorts;
  readonly access: OfficeAccess;
  readonly engine: Engine & { readonly switchboard: ReloadableSwitchboard };
  /** Stored logins; absent: the host keeps none. */
  readonly accounts?: AccountPool;
  /** Logins at vendors; absent with `accounts`. */
  readonly logins?: Logins;
  /** Absent: users, keys, usage and audit answer that no store is configured. */
  readonly store?: Store;
  /** How each credential fared of late. */
  readonly recent: RecentRequests;
  readonly loginSessions: LoginSessions;
  /** The last attempts, for programs that fetch them. */
  readonly usageQueue: UsageQueue;
  settings(): GatewaySettings;
  /** Requests under way and the last ones. */
  readonly monitor: LiveMonitor;
  readonly metrics: GatewayMetrics;
  /** The gateway's own front door, past the guard, as this principal; with another switchboard, if one is given. */
  asPrincipal(principal: Principal, switchboard?: Switchboard): (request: Request) => Promise<Response>;
}

/** Who asks the office. */
export interface Actor {
  readonly kind: "management-key" | "environment-key" | "local-key" | "session" | "setup" | "client" | "nobody";
  readonly visitor: Visitor;
  /** Of `client` actors. */
  readonly principal?: Principal;
}

export interface Errand<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
  readonly actor: Actor;
  readonly office: Office;
  /** What stands in the audit log beside the operation's action. Without secrets. */
  note(target: string | undefined, details?: Readonly<Record<string, unknown>>): void;
}

/** An operation and who carries it out. A `Response` is sent as it is, anything else as JSON in the shape of `reply`. */
export interface Desk {
  readonly operation: Operation;
  handle(errand: Errand<never, never, never>): unknown;
}

export function defineDesk<Params, Query, Body, Reply>(operation: Operation<Params, Query, Body, Reply>, handle: (errand: Errand<Params, Query, Body>) => Promise<Reply | Response> | Reply | Response): Desk {
  return { operation: operation as Operation, handle };
}

/** A refusal with the body that callers of the management API know: `{"error": …}`. */
export class OfficeError extends Error {
  override readonly name = "OfficeError";
  readonly status: number;
  readonly body: { readonly [key: string]: Json };

  constructor(status: number, body: string | { readonly [key: string]: Json }) {
    super(typeof body === "string" ? body : String(body.error ?? status));
    this.status = status;
    this.body = typeof body === "string" ? { error: body } : body;
  }
}

/** For desks that cannot do without. @throws OfficeError 503 */
export function storeOf(office: Office): Store {
  if (office.store === undefined) throw new OfficeError(503, "no store is configured");
  return office.store;
}
