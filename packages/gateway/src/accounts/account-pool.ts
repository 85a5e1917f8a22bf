import { DIALECTS, type JsonObject } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import { DueHeap } from "../credentials/due-heap.ts";
import type { Ports } from "../ports.ts";
import type { Service } from "../routing/service.ts";
import { Account, type AccountState } from "./account.ts";
import type { AccountFiles } from "./account-files.ts";
import type { AccountKind } from "./account-kind.ts";
import { AccountSender } from "./account-sender.ts";
import { settingsOver, type KindSettings } from "./kind-settings.ts";
import { parseObject, Renewal } from "./renewal.ts";
import { servicesOfAccounts, textOf, type AccountSeatOf } from "./services-of-accounts.ts";
import { settingsOfConfig } from "./settings-of-config.ts";
import { createVendorCalls, type VendorCalls } from "./vendor-calls.ts";

export interface AccountPoolOptions {
  readonly files: AccountFiles;
  readonly kinds: readonly AccountKind[];
  readonly config: Config;
  readonly ports: Pick<Ports, "fetch" | "clock" | "ids" | "logger">;
  /** What the accounts offer has changed. */
  changed(): void;
}

/** Files that could not be read as an account, by name, with the reason. */
export type UnreadFiles = ReadonlyMap<string, string>;

/** At most so many renewals by themselves at a time. */
const RENEWALS_AT_ONCE = 16;
/** The one timer looks again at least this often, should clocks jump. */
const LOOK_EVERY_MS = 60_000;

/**
 * All accounts: those of the directory, and those that come and go by themselves. It keeps their tokens alive with one
 * timer, and tells when what they offer has changed.
 */
export class AccountPool {
  readonly #options: AccountPoolOptions;
  readonly #kindOf: ReadonlyMap<string, AccountKind>;
  readonly #accounts = new Map<string, Account>();
  readonly #texts = new Map<string, string>();
  readonly #unread = new Map<string, string>();
  readonly #seats = new Map<Account, readonly Omit<AccountSeatOf, "isReady">[]>();
  readonly #renewal: Renewal;
  readonly #dialects = new Map(DIALECTS.map((dialect) => [dialect.id, dialect]));
  #settings: ReadonlyMap<string, KindSettings> = new Map();
  #config: Config;
  #stopWatching: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = new DueHeap();
  #dueAccounts: Account[] = [];
  #renewing = 0;

  constructor(options: AccountPoolOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#kindOf = new Map(options.kinds.flatMap((kind) => kind.types.map((type) => [type, kind] as const)));
    this.#settings = this.#settingsOf(options.config);
    const { files, ports } = options;
    this.#renewal = new Renewal({ files, clock: ports.clock, logger: ports.logger, callsFor: (account) => this.callsFor(account), stateChanged: () => options.changed() });
  }

  /** Reads the directory and begins to watch it. */
  async start(): Promise<void> {
    await this.#readAll();
    this.#stopWatching = this.#options.files.watch?.((names) => void this.#look(names));
    this.#schedule();
    if (this.#accounts.size > 0) this.#options.changed();
  }

  close(): void {
    this.#stopWatching?.();
    clearTimeout(this.#timer);
  }

  get kinds(): readonly AccountKind[] {
    return this.#options.kinds;
  }

  /** With what the operator has set over it. */
  settingsOf(kind: AccountKind): KindSettings {
    return this.#settings.get(kind.name) ?? kind.defaults;
  }

  get allowsTerms(): boolean {
    return this.#config.accounts.subscriptions;
  }

  accounts(): Iterable<Account> {
    return this.#accounts.values();
  }

  find(file: string): Account | undefined {
    return this.#accounts.get(file);
  }

  /** Files that are no accounts, and why. */
  get unread(): UnreadFiles {
    return this.#unread;
  }

  stateOf(account: Account): AccountState {
    return account.state(this.#options.ports.clock.now(), this.allowsTerms);
  }

  /** Another configuration: settings of kinds may have changed, so that all accounts are read anew. */
  reload(config: Config): void {
    const before = JSON.stringify([...this.#settings]);
    this.#config = config;
    this.#settings = this.#settingsOf(config);
    if (JSON.stringify([...this.#settings]) !== before) for (const account of [...this.#accounts.values()]) this.#put(account.file, account.kind, { content: account.content, isPassing: account.isPassing });
    this.#schedule();
  }

  services(): Service[] {
    const now = this.#options.ports.clock.now();
    const seats = [...this.#accounts.values()].flatMap((account) => {
      const isReady = account.state(now, this.allowsTerms).type === "ready";
      return (this.#seats.get(account) ?? []).map((seat): AccountSeatOf => ({ ...seat, isReady }));
    });
    return servicesOfAccounts(seats, { config: this.#config, dialects: this.#dialects, directory: this.#options.files.directory });
  }

  /** An account that stands in no file. One of the same name is replaced. */
  join(name: string, kind: AccountKind, content: JsonObject): Account {
    const account = this.#put(name, kind, { content, isPassing: true });
    this.#schedule();
    this.#options.changed();
    return account;
  }

  leave(name: string): void {
    if (this.#accounts.get(name)?.isPassing === true && this.#drop(name)) this.#options.changed();
  }

  /** Renews a token now, whatever its age. @throws AccountError */
  async renew(account: Account, refused?: string): Promise<void> {
    await this.#renewal.renew(account, refused);
    this.#schedule();
  }

  /** A person says that an account is to be tried again. */
  revive(account: Account): void {
    account.end = undefined;
    account.quietUntilAt = 0;
    this.#options.changed();
  }

  /** Reads a file at once, for those who have just written it. */
  async noticed(name: string): Promise<void> {
    await this.#look([name]);
  }

  callsFor(account: Account): VendorCalls {
    return this.callsOf(account.settings, textOf(account.content.proxy_url));
  }

  callsOf(settings: KindSettings, proxyUrl?: string, signal?: AbortSignal): VendorCalls {
    const { ports } = this.#options;
    const proxy = proxyUrl ?? (this.#config["proxy-url"] === "" ? undefined : this.#config["proxy-url"]);
    return createVendorCalls({ fetch: ports.fetch, clock: ports.clock, ids: ports.ids, userAgent: settings.userAgent, proxyUrl: proxy, ...(signal !== undefined && { signal }) });
  }

  /** Renews what is due. The host's timer calls it; so do tests with a clock of their own. */
  async tick(): Promise<void> {
    const now = this.#options.ports.clock.now();
    const work: Promise<void>[] = [];
    for (let due = this.#due.peek(); due !== undefined && due.at <= now && this.#renewing < RENEWALS_AT_ONCE; due = this.#due.peek()) {
      this.#due.pop();
      const account = this.#dueAccounts[due.member];
      if (account === undefined || this.#accounts.get(account.file) !== account || (this.#dueAt(account) ?? Number.POSITIVE_INFINITY) > now) continue;
      this.#renewing += 1;
      work.push(this.#renewal.renew(account, undefined).catch(() => undefined).finally(() => (this.#renewing -= 1)));
    }
    await Promise.all(work);
    if (work.length > 0) this.#schedule();
  }

  #settingsOf(config: Config): ReadonlyMap<string, KindSettings> {
    return new Map(this.#options.kinds.map((kind) => [kind.name, settingsOver(settingsOver(kind.defaults, { options: kind.optionsIn?.(config) ?? {} }), settingsOfConfig(config, kind.name))]));
  }

  async #readAll(): Promise<void> {
    const names = (await this.#options.files.list()).map(({ name }) => name).filter(isAccountFile);
    const present = new Set(names);
    for (const [name, account] of this.#accounts) if (!account.isPassing && !present.has(name)) this.#drop(name);
    for (const name of this.#unread.keys()) if (!present.has(name)) this.#unread.delete(name);
    for (const name of names) await this.#read(name);
  }

  async #look(names: readonly string[] | undefined): Promise<void> {
    const before = this.#version;
    if (names === undefined) await this.#readAll();
    else for (const name of names.filter(isAccountFile)) await this.#read(name);
    if (this.#version === before) return;
    this.#schedule();
    this.#options.changed();
  }

  /** Counts changes of what is known. */
  #version = 0;

  async #read(name: string): Promise<void> {
    const bytes = await this.#options.files.read(name);
    if (bytes === undefined) {
      this.#unread.delete(name);
      this.#drop(name);
      return;
    }
    const text = new TextDecoder().decode(bytes);
    // Empty: it is being written. Equal: nothing new, or our own hand.
    if (text.trim() === "" || this.#texts.get(name) === text) return;
    const content = parseObject(text);
    const known = this.#accounts.get(name);
    if (known !== undefined && content !== undefined && JSON.stringify(known.content) === JSON.stringify(content)) {
      this.#texts.set(name, text);
      return;
    }
    this.#take(name, content);
    this.#texts.set(name, text);
    this.#version += 1;
  }

  #take(name: string, content: JsonObject | undefined): void {
    const type = textOf(content?.type);
    const kind = type === undefined ? undefined : this.#kindOf.get(type);
    if (content !== undefined && kind !== undefined) {
      this.#unread.delete(name);
      this.#put(name, kind, { content, isPassing: false });
      return;
    }
    this.#drop(name);
    this.#unread.set(name, content === undefined ? "it holds no JSON object" : type === undefined ? "it has no type" : `accounts of type ${type} are not known here`);
  }

  #put(file: string, kind: AccountKind, how: { readonly content: JsonObject; readonly isPassing: boolean }): Account {
    const account = new Account({ file, kind, settings: this.settingsOf(kind), ...how });
    this.#drop(file);
    this.#accounts.set(file, account);
    const { clock, ids } = this.#options.ports;
    const places = account.facts.seats ?? [{ suffix: "", values: {} }];
    this.#seats.set(account, places.map(({ suffix, values }) => ({
      account,
      suffix,
      sender: new AccountSender({
        account, values, clock, ids,
        renew: (which, refused) => this.renew(which, refused),
        complete: (which) => this.#complete(which),
        ended: (which, { end, error }) => this.#ended(which, end, error.message),
      }),
    })));
    this.#version += 1;
    return account;
  }

  #drop(file: string): boolean {
    const account = this.#accounts.get(file);
    this.#texts.delete(file);
    if (account === undefined) return false;
    this.#accounts.delete(file);
    this.#seats.delete(account);
    this.#version += 1;
    return true;
  }

  readonly #completing = new Map<Account, Promise<void>>();

  /** Once for all who wait. */
  #complete(account: Account): Promise<void> {
    const running = this.#completing.get(account);
    if (running !== undefined) return running;
    const work = this.#completeNow(account).finally(() => this.#completing.delete(account));
    this.#completing.set(account, work);
    return work;
  }

  async #completeNow(account: Account): Promise<void> {
    const members = await account.kind.complete?.({ content: account.content, facts: account.facts, settings: account.settings, calls: this.callsFor(account) });
    if (members === undefined) return;
    const content = { ...account.content, ...members };
    if (!account.isPassing) await this.#options.files.write(account.file, `${JSON.stringify(content, undefined, 2)}\n`);
    account.replace(content);
  }

  #ended(account: Account, end: NonNullable<Account["end"]>["type"] | undefined, message: string): void {
    if (end === undefined || account.end !== undefined) return;
    account.end = { type: end, message, since: this.#options.ports.clock.now() };
    this.#options.ports.logger.log("error", `account.${end}`, { account: account.file, kind: account.kind.name, message });
    this.#options.changed();
  }

  /** Epoch ms of the next renewal that this account wants by itself. */
  #dueAt(account: Account): number | undefined {
    const { kind, facts, settings, content } = account;
    const own = Number(content.refresh_interval_seconds ?? content.refresh_interval ?? content.refreshIntervalSeconds ?? 0) * 1000;
    const lead = own > 0 ? own : settings.renewLeadMs ?? facts.renewLeadMs ?? kind.renewLeadMs;
    if (lead === undefined || kind.renew === undefined || account.missingSetting !== undefined || facts.refreshToken === undefined) return undefined;
    if (this.stateOf(account).type !== "ready") return undefined;
    const byExpiry = facts.expiresAt === undefined ? undefined : facts.expiresAt - lead;
    const byAge = facts.renewedAt === undefined ? undefined : facts.renewedAt + lead;
    const due = own > 0 ? Math.min(byExpiry ?? Number.POSITIVE_INFINITY, byAge ?? 0) : byExpiry ?? byAge ?? 0;
    return Math.max(due, account.quietUntilAt);
  }

  /** When the account will be renewed by itself; `undefined`: not at all. Epoch ms. */
  nextRenewalAt(account: Account): number | undefined {
    return this.#dueAt(account);
  }

  /** One timer for all, set to the first of them. */
  #schedule(): void {
    clearTimeout(this.#timer);
    this.#due = new DueHeap();
    this.#dueAccounts = [...this.#accounts.values()];
    this.#dueAccounts.forEach((account, member) => {
      const at = this.#dueAt(account);
      if (at !== undefined) this.#due.push(member, at);
    });
    const next = this.#due.peek();
    if (next === undefined) return;
    const wait = Math.min(Math.max(next.at - this.#options.ports.clock.now(), 0), LOOK_EVERY_MS);
    this.#timer = setTimeout(() => void this.tick().finally(() => this.#schedule()), Math.max(wait, 1000));
  }
}

const isAccountFile = (name: string): boolean => name.toLowerCase().endsWith(".json");
