import { DIALECTS, type JsonObject } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import type { Ports, UpstreamFetch } from "../ports.ts";
import type { Service } from "../routing/service.ts";
import { Account, type AccountState } from "./account.ts";
import type { AccountFiles } from "./account-files.ts";
import type { AccountKind } from "./account-kind.ts";
import type { EndsKept } from "./ends-kept.ts";
import { AccountSeats } from "./account-seats.ts";
import { isHeldBack, nameForClients } from "./accounts-for-clients.ts";
import { environmentLogins, type AccountEnvironment } from "./environment-logins.ts";
import { withHomeFiles } from "./home-files.ts";
import { settingsOver, type KindSettings } from "./kind-settings.ts";
import { AccountWriter, parseObject, sameContent } from "./account-writer.ts";
import { Renewal } from "./renewal.ts";
import { renewalTime } from "./renewal-time.ts";
import { RenewalTimer } from "./renewal-timer.ts";
import { credentialIdOf, servicesOfAccounts, standingOf, textOf } from "./services-of-accounts.ts";
import { settingsOfConfig } from "./settings-of-config.ts";
import { createVendorCalls, type VendorCalls } from "./vendor-calls.ts";

export interface AccountPoolOptions {
  readonly files: AccountFiles;
  readonly kinds: readonly AccountKind[];
  readonly config: Config;
  readonly ports: Pick<Ports, "fetch" | "clock" | "ids" | "logger" | "dialWebSocket">;
  /** What the accounts offer has changed. */
  changed(): void;
  /** Where accounts are found that nobody stored; absent: nowhere. */
  readonly environment?: AccountEnvironment;
  /** A credential has other tokens by now. */
  trustAgain?(credentialId: string): void;
  /** Which accounts were over when the program ran last. */
  readonly ends?: EndsKept;
}

/** Files that could not be read as an account, by name, with the reason. */
export type UnreadFiles = ReadonlyMap<string, string>;

/**
 * All accounts: those of the directory, and those that come and go by themselves. It keeps their tokens alive with one
 * timer, and tells when what they offer has changed.
 */
export class AccountPool {
  readonly #options: AccountPoolOptions;
  readonly #kindOf: ReadonlyMap<string, AccountKind>;
  readonly #accounts = new Map<string, Account>();
  readonly #unread = new Map<string, string>();
  readonly #seats: AccountSeats;
  readonly #writer: AccountWriter;
  readonly #renewal: Renewal;
  readonly #timer: RenewalTimer<Account>;
  readonly #dialects = new Map(DIALECTS.map((dialect) => [dialect.id, dialect]));
  /** The directory, and what stands below the home directory. */
  readonly #files: AccountFiles;
  /** Names of accounts that the environment spoke of, and of files that rest because of it. */
  #found: ReadonlySet<string> = new Set();
  #resting: ReadonlySet<string> = new Set();
  #settings: ReadonlyMap<string, KindSettings> = new Map();
  #config: Config;
  #stopWatching: (() => void) | undefined;

  constructor(options: AccountPoolOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#kindOf = new Map(options.kinds.flatMap((kind) => kind.types.map((type) => [type, kind] as const)));
    this.#settings = this.#settingsOf(options.config);
    const { ports } = options;
    const files = this.#files = withHomeFiles(options.files, options.environment?.home);
    this.#seats = new AccountSeats({
      clock: ports.clock,
      ids: ports.ids,
      dialWebSocket: ports.dialWebSocket,
      renew: (account, refused) => this.renew(account, refused),
      complete: (account) => this.#complete(account),
      ended: (account, { end, error }) => this.#ended(account, end, error.message),
    });
    const stateChanged = (account: Account): void => this.#standsAnew(account);
    this.#writer = new AccountWriter({ files, logger: ports.logger, changed: stateChanged });
    this.#timer = new RenewalTimer({
      clock: ports.clock,
      dueAt: (account) => this.nextRenewalAt(account),
      renew: (account) => this.renew(account),
      before: () => this.#writer.saveAgain(),
    });
    this.#renewal = new Renewal({ files, writer: this.#writer, clock: ports.clock, logger: ports.logger, callsFor: (account) => this.callsFor(account), stateChanged });
  }

  /** Reads the directory and begins to watch it. */
  async start(): Promise<void> {
    // Before reading, so that nothing falls in between.
    this.#stopWatching = this.#options.files.watch?.((names) => void this.#look(names));
    await this.#readEnvironment();
    this.#joinForClients();
    await this.#readAll();
    this.#timer.arm();
    if (this.#accounts.size > 0) this.#options.changed();
  }

  close(): void {
    this.#stopWatching?.();
    this.#timer.close();
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
    const looks = config.discovery.environment !== this.#config.discovery.environment;
    this.#config = config;
    this.#settings = this.#settingsOf(config);
    if (JSON.stringify([...this.#settings]) !== before) for (const account of [...this.#accounts.values()]) this.#put(account.file, account.kind, { content: account.content, isPassing: account.isPassing, carry: account.carry, end: account.end });
    for (const account of this.#accounts.values()) this.#timer.reckon(account);
    this.#joinForClients();
    if (looks) void this.#lookAround();
  }

  services(): Service[] {
    const isKeyed = this.#config["api-keys"].length > 0;
    const all = [...this.#accounts.values()];
    const seats = all.flatMap((account) => this.#seats.of(account, this.stateOf(account).type === "ready" && !isHeldBack(account, all, isKeyed)));
    return servicesOfAccounts(seats, { config: this.#config, dialects: this.#dialects, directory: this.#options.files.directory });
  }

  /** An account that stands in no file. One of the same name is replaced. */
  join(name: string, kind: AccountKind, content: JsonObject, carry?: UpstreamFetch): Account {
    const account = this.#put(name, kind, { content, isPassing: true, carry });
    this.#options.changed();
    return account;
  }

  leave(name: string): void {
    if (this.#accounts.get(name)?.isPassing === true && this.#drop(name)) this.#options.changed();
  }

  /** Renews a token now, whatever its age. @throws AccountError */
  async renew(account: Account, refused?: string): Promise<void> {
    try {
      await this.#renewal.renew(account, refused);
      this.#trustAgain(account);
    } finally {
      this.#timer.reckon(account);
    }
  }

  /** A person says that an account is to be tried again. */
  revive(account: Account): void {
    account.end = undefined;
    account.quietUntilAt = 0;
    this.#standsAnew(account);
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

  /** Renews what is due. The pool's own timer does so by itself; tests with a clock of their own call it. */
  tick(): Promise<void> {
    return this.#timer.tick();
  }

  #settingsOf(config: Config): ReadonlyMap<string, KindSettings> {
    return new Map(this.#options.kinds.map((kind) => [kind.name, settingsOver(settingsOver(kind.defaults, { options: kind.optionsIn?.(config) ?? {} }), settingsOfConfig(config, kind.name))]));
  }

  async #readAll(): Promise<void> {
    const names = await this.#names();
    if (names === undefined) return;
    const present = new Set(names);
    for (const [name, account] of this.#accounts) if (!account.isPassing && !this.#found.has(name) && !present.has(name)) this.#drop(name);
    for (const name of this.#unread.keys()) if (!present.has(name)) this.#unread.delete(name);
    for (const name of names) await this.#read(name);
  }

  /** `undefined`: the directory cannot be read; what is known stays. */
  async #names(): Promise<readonly string[] | undefined> {
    const { files, ports: { logger } } = this.#options;
    try {
      return (await files.list()).map(({ name }) => name).filter((name) => this.#isRead(name));
    } catch (error) {
      logger.log("error", "accounts.not-read", { directory: files.directory, reason: error instanceof Error ? error.message : String(error), effect: "no login that is stored there is used, or those that were read before" });
      return undefined;
    }
  }

  #isRead(name: string): boolean {
    return isAccountFile(name) && !this.#resting.has(name);
  }

  async #lookAround(): Promise<void> {
    await this.#readEnvironment();
    await this.#readAll();
    this.#options.changed();
  }

  /** Takes in what the environment holds now, in place of what it held before. */
  async #readEnvironment(): Promise<void> {
    const { environment, kinds, ports: { logger } } = this.#options;
    for (const name of this.#found) this.#drop(name);
    const { accounts, resting } = environment === undefined || !this.#config.discovery.environment
      ? { accounts: [], resting: new Set<string>() }
      : await environmentLogins({ kinds, environment, files: this.#files, logger });
    this.#found = new Set(accounts.map(({ name }) => name));
    this.#resting = resting;
    for (const { name, kind, content, isPassing } of accounts) this.#put(name, kind, { content, isPassing });
  }

  #joinForClients(): void {
    for (const kind of this.#options.kinds) {
      const content = kind.ofClients?.(this.settingsOf(kind));
      if (content === undefined) this.#drop(nameForClients(kind));
      else if (!this.#accounts.has(nameForClients(kind))) this.#put(nameForClients(kind), kind, { content, isPassing: true });
    }
  }

  async #look(names: readonly string[] | undefined): Promise<void> {
    const before = this.#version;
    if (names === undefined) await this.#readAll();
    else for (const name of names.filter((each) => this.#isRead(each))) await this.#read(name);
    if (this.#version !== before) this.#options.changed();
  }

  /** Counts changes of what routing has to know. */
  #version = 0;

  async #read(name: string): Promise<void> {
    const before = this.#accounts.get(name);
    const revision = before?.revision;
    const bytes = await this.#bytesOf(name);
    const known = this.#accounts.get(name);
    // A renewal wrote it meanwhile: what was read may be older than what is known.
    if (known !== before || known?.revision !== revision) return this.#read(name);
    if (!(bytes instanceof Uint8Array)) {
      this.#drop(name);
      this.#unread.delete(name);
      if (bytes !== undefined) this.#unread.set(name, `it cannot be read (${bytes.reason})`);
      return;
    }
    const text = new TextDecoder().decode(bytes);
    // Empty: it is being written.
    if (text.trim() !== "") this.#take(name, parseObject(text));
  }

  /** A file that this program may not read is no reason to be without the others. */
  async #bytesOf(name: string): Promise<Uint8Array | { readonly reason: string } | undefined> {
    try {
      return await this.#options.files.read(name);
    } catch (error) {
      return { reason: (error as { readonly code?: string }).code ?? "unknown error" };
    }
  }

  #take(name: string, content: JsonObject | undefined): void {
    const type = textOf(content?.type);
    const kind = type === undefined ? undefined : this.#kindOf.get(type);
    if (content === undefined || kind === undefined) {
      this.#drop(name);
      this.#unread.set(name, whyUnread(content, type));
      return;
    }
    this.#unread.delete(name);
    const known = this.#accounts.get(name);
    if (known?.kind !== kind) this.#put(name, kind, { content, isPassing: false });
    else if (!sameContent(known.content, content)) this.#edit(known, content);
  }

  /** Another hand has written the file. Requests under way go on with the account as it is now. */
  #edit(account: Account, content: JsonObject): void {
    const before = standingOf(account);
    const { accessToken } = account.facts;
    const wasOver = account.end !== undefined;
    account.replace(content);
    account.end = undefined;
    account.renewalTrouble = undefined;
    account.quietUntilAt = 0;
    account.renewAgainFrom = 0;
    this.#timer.reckon(account);
    if (accessToken !== account.facts.accessToken) this.#trustAgain(account);
    if (!wasOver && standingOf(account) === before) return;
    this.#seats.seat(account);
    this.#version += 1;
    if (wasOver) this.#options.ends?.changed();
  }

  #put(file: string, kind: AccountKind, how: { readonly content: JsonObject; readonly isPassing: boolean; readonly carry?: UpstreamFetch | undefined; readonly end?: Account["end"] }): Account {
    const account = new Account({ file, kind, settings: this.settingsOf(kind), ...how });
    account.end = how.end ?? (how.isPassing ? undefined : this.#options.ends?.of(file, how.content));
    this.#drop(file);
    this.#accounts.set(file, account);
    this.#seats.seat(account);
    this.#version += 1;
    this.#timer.reckon(account);
    return account;
  }

  #trustAgain(account: Account): void {
    for (const { suffix } of account.facts.seats ?? [{ suffix: "" }]) this.#options.trustAgain?.(credentialIdOf(account.file, suffix));
  }

  #drop(file: string): boolean {
    const account = this.#accounts.get(file);
    if (account === undefined) return false;
    this.#accounts.delete(file);
    this.#seats.leave(account);
    this.#timer.forget(account);
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
    if (members !== undefined) await this.#writer.keep(account, members);
  }

  #ended(account: Account, end: NonNullable<Account["end"]>["type"] | undefined, message: string): void {
    if (end === undefined || account.end !== undefined) return;
    account.end = { type: end, message, since: this.#options.ports.clock.now() };
    this.#options.ports.logger.log("error", `account.${end}`, { account: account.file, kind: account.kind.name, message });
    this.#standsAnew(account);
  }

  /** When the account will be renewed by itself; `undefined`: not at all. Epoch ms. */
  nextRenewalAt(account: Account): number | undefined {
    const isKnown = this.#accounts.get(account.file) === account;
    return isKnown && this.stateOf(account).type === "ready" ? renewalTime(account) : undefined;
  }

  /** Something in an account has changed that was not said by its file: it is over, or not any more. */
  #standsAnew(account: Account): void {
    if (this.#accounts.get(account.file) !== account) return;
    this.#seats.seat(account);
    this.#timer.reckon(account);
    this.#options.ends?.changed();
    this.#options.changed();
  }
}

function whyUnread(content: JsonObject | undefined, type: string | undefined): string {
  if (content === undefined) return "it holds no JSON object";
  if (type !== undefined) return `accounts of type ${type} are not known here`;
  return typeof content.sealed === "string" ? "it is sealed with another key than this program's" : "it has no type";
}

const isAccountFile = (name: string): boolean => name.toLowerCase().endsWith(".json");
