import { DIALECTS, type JsonObject } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import type { Ports, UpstreamFetch } from "../ports.ts";
import type { Service } from "../routing/service.ts";
import { Account, type AccountState } from "./account.ts";
import type { AccountFiles } from "./account-files.ts";
import type { AccountKind } from "./account-kind.ts";
import type { EndsKept } from "./ends-kept.ts";
import { AccountSeats } from "./account-seats.ts";
import { isHeldBack, nameForClients, ownKeyTaker } from "./accounts-for-clients.ts";
import { environmentLogins, type AccountEnvironment } from "./environment-logins.ts";
import { withHomeFiles } from "./home-files.ts";
import { settingsOver, type KindSettings } from "./kind-settings.ts";
import { AccountWriter } from "./account-writer.ts";
import { Completion } from "./completion.ts";
import { DirectoryReader } from "./directory-reader.ts";
import { Renewal } from "./renewal.ts";
import { renewalTime } from "./renewal-time.ts";
import { RenewalTimer } from "./renewal-timer.ts";
import { credentialIdOf, servicesOfAccounts, standingOf } from "./services-of-accounts.ts";
import { settingsOfConfig } from "./settings-of-config.ts";
import { createVendorCalls, type VendorCalls } from "./vendor-calls.ts";
import { textOf } from "./stored-json.ts";
import { nextProxy } from "../upstream/next-proxy.ts";

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

/**
 * All accounts: those of the directory, and those that come and go by themselves. It keeps their tokens alive with one
 * timer, and tells when what they offer has changed.
 */
export class AccountPool {
  readonly #options: AccountPoolOptions;
  readonly #accounts = new Map<string, Account>();
  readonly #directory: DirectoryReader;
  readonly #seats: AccountSeats;
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
    this.#settings = this.#settingsOf(options.config);
    const { ports } = options;
    const files = this.#files = withHomeFiles(options.files, options.environment?.home);
    this.#directory = new DirectoryReader({
      files, kinds: options.kinds, logger: ports.logger,
      shelf: {
        accounts: () => this.#accounts.values(),
        find: (name) => this.#accounts.get(name),
        put: (name, kind, content) => void this.#put(name, kind, { content, isPassing: false }),
        edit: (account, content) => this.#edit(account, content),
        drop: (name) => void this.#drop(name),
      },
      isResting: (name) => this.#resting.has(name),
      isFoundElsewhere: (name) => this.#found.has(name),
    });
    const stateChanged = (account: Account): void => this.#standsAnew(account);
    const writer = new AccountWriter({ files, logger: ports.logger, changed: stateChanged });
    const completion = new Completion({ writer, callsFor: (account) => this.callsFor(account) });
    this.#seats = new AccountSeats({
      clock: ports.clock,
      ids: ports.ids,
      dialWebSocket: ports.dialWebSocket,
      renew: (account, refused) => this.renew(account, refused),
      complete: (account) => completion.complete(account),
      ended: (account, { end, error }) => this.#ended(account, end, error.message),
    });
    this.#timer = new RenewalTimer({
      clock: ports.clock,
      dueAt: (account) => this.nextRenewalAt(account),
      renew: (account) => this.renew(account),
      before: () => writer.saveAgain(),
    });
    this.#renewal = new Renewal({ files, writer, clock: ports.clock, logger: ports.logger, callsFor: (account) => this.callsFor(account), stateChanged });
  }

  /** Reads the directory and begins to watch it. */
  async start(): Promise<void> {
    // Before reading, so that nothing falls in between.
    this.#stopWatching = this.#options.files.watch?.((names) => void this.#look(names));
    await this.#readEnvironment();
    this.#joinForClients();
    await this.#directory.readAll();
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

  /** Whether the operator has agreed to what the kind's `terms` say; also where there are none. */
  allows(kind: AccountKind): boolean {
    const { subscriptions } = this.#config.accounts;
    return kind.terms === undefined || (Array.isArray(subscriptions) ? subscriptions.includes(kind.name) : subscriptions === true);
  }

  accounts(): Iterable<Account> {
    return this.#accounts.values();
  }

  find(file: string): Account | undefined {
    return this.#accounts.get(file);
  }

  /** Files that are no accounts, and why. */
  get unread(): ReadonlyMap<string, string> {
    return this.#directory.unread;
  }

  stateOf(account: Account): AccountState {
    return account.state(this.#options.ports.clock.now(), this.allows(account.kind));
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
    const seats = all.flatMap((account) => {
      const takesOwnKey = ownKeyTaker(account, all);
      return this.#seats.of(account, { isReady: this.stateOf(account).type === "ready" && !isHeldBack(account, all, isKeyed), ...(takesOwnKey !== undefined && { takesOwnKey }) });
    });
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
    return createVendorCalls({ fetch: ports.fetch, clock: ports.clock, ids: ports.ids, userAgent: settings.userAgent, nextProxy: () => proxyUrl ?? nextProxy(this.#config), ...(signal !== undefined && { signal }) });
  }

  /** Renews what is due. The pool's own timer does so by itself; tests with a clock of their own call it. */
  tick(): Promise<void> {
    return this.#timer.tick();
  }

  #settingsOf(config: Config): ReadonlyMap<string, KindSettings> {
    return new Map(this.#options.kinds.map((kind) => [kind.name, settingsOver(settingsOver(kind.defaults, { options: kind.optionsIn?.(config) ?? {} }), settingsOfConfig(config, kind.name))]));
  }

  async #lookAround(): Promise<void> {
    await this.#readEnvironment();
    await this.#directory.readAll();
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
    await (names === undefined ? this.#directory.readAll() : this.#directory.read(names));
    if (this.#version !== before) this.#options.changed();
  }

  /** Counts changes of what routing has to know. */
  #version = 0;

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
