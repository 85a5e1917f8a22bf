import { LruSealMemory, type SealMemory } from "@dragoman/core";
import type { AccountFiles } from "./accounts/account-files.ts";
import type { AccountKind } from "./accounts/account-kind.ts";
import type { AccountEnvironment } from "./accounts/environment-logins.ts";
import { AccountPool } from "./accounts/account-pool.ts";
import { ACCOUNT_KINDS } from "./accounts/kinds/index.ts";
import type { Logins } from "./accounts/login/begun-login.ts";
import type { CallbackPort } from "./accounts/login/callback-port.ts";
import { createLogins } from "./accounts/login/logins.ts";
import { ClientKeys } from "./access/client-keys.ts";
import { createGuard } from "./access/key-guard.ts";
import type { Visitor } from "./access/principal.ts";
import type { Config } from "./config/index.ts";
import type { ConfigInput } from "./config/schema/index.ts";
import type { CooldownStore } from "./credentials/cooldown-store.ts";
import { KeptFortunes } from "./credentials/kept-fortunes.ts";
import { withoutBasePath } from "./embed/base-path.ts";
import { layFoundation, type FoundationOptions } from "./embed/foundation.ts";
import { hooked } from "./hooks/hooked.ts";
import type { Hooks } from "./hooks/hooks.ts";
import { showReply } from "./hooks/outgoing.ts";
import { receive, type Snapshot } from "./http/reception.ts";
import type { OfficePorts } from "./management/office.ts";
import { openOffice } from "./management/open-office.ts";
import type { CallObserver } from "./observe/call-observer.ts";
import { configureWatchers, createWatchers, observersOf } from "./observe/watchers.ts";
import type { Engine } from "./pipeline/call.ts";
import type { Ports } from "./ports.ts";
import type { PriceCatalogue } from "./prices/price.ts";
import { MemoryTranscripts } from "./responses/memory-transcripts.ts";
import type { TranscriptStore } from "./responses/transcript-store.ts";
import { createSwitchboard, type DiscoveredUpstream, type ReloadableSwitchboard } from "./routing/create-switchboard.ts";
import { AccountSockets } from "./sockets/account-sockets.ts";
import { receiveSocket } from "./sockets/receive-socket.ts";
import type { SocketDoor } from "./sockets/socket-door.ts";
import { settingsOf } from "./settings-of.ts";

export interface GatewayOptions extends FoundationOptions {
  /** As `parseConfig` gives it, or as a file would say it. */
  readonly config: Config | ConfigInput;
  /** Upstreams that were found, not configured: keys in the environment, servers on this machine. */
  readonly discovered?: readonly DiscoveredUpstream[];
  readonly sealMemory?: SealMemory;
  /** Replies that clients go on from by their id; in memory when absent. */
  readonly transcripts?: TranscriptStore;
  /** Where logins are stored; absent: there are none. */
  readonly accountFiles?: AccountFiles;
  /** Where further logins are found: variables, files of other programs; absent: nowhere. */
  readonly accountEnvironment?: AccountEnvironment;
  /** Kinds of accounts beside those that come with the gateway, or in place of those of the same name. */
  readonly accountKinds?: readonly AccountKind[];
  /** Ports of this machine to which logins may send browsers back; absent: the host has none. */
  readonly callbackPort?: CallbackPort;
  /** Where pauses of credentials outlive the process; absent: they end with it. */
  readonly cooldowns?: CooldownStore;
  /** The control plane; absent: there is none. */
  readonly office?: OfficePorts;
  /**
   * While nobody is asked for a client key: what those are told who come without one. It keeps the operator's credentials
   * from strangers on hosts that everybody can reach; paths that name their upstream use none of them. Absent: all are served.
   */
  readonly keylessRefusal?: string;
  /** Who else wants to know of requests. */
  readonly observers?: readonly CallObserver[];
  /** Where the embedder's own code has its say; of several, in their order. */
  readonly hooks?: Hooks | readonly Hooks[];
  /** Prices that go over the bundled ones; asked at the start and at each reload. */
  readonly priceFile?: () => PriceCatalogue | undefined;
}

export interface Gateway {
  fetch(request: Request, visitor?: Visitor): Promise<Response>;
  /** Answers a request for a websocket: with what to do on it, or with a Response when there is none to be had. */
  upgrade(request: Request, visitor?: Visitor): Promise<SocketDoor | Response>;
  /**
   * Swaps the configuration whole. Requests under way keep the one they began with.
   * @throws InvalidConfig when a plain one is none; the one in force stays
   */
  reload(config: Config | ConfigInput, discovered?: readonly DiscoveredUpstream[]): void;
  /** Ends what has no end of its own: streams of the live view. Requests under way go on. */
  close(): void;
  readonly engine: Engine & { readonly switchboard: ReloadableSwitchboard };
  /** Stored logins; the host calls `start` before it takes requests. */
  readonly accounts?: AccountPool;
  /** Logins at vendors; they are written to `accountFiles`. */
  readonly logins?: Logins;
}

/** Calls whose sealed reasoning is remembered for clients that cannot carry it. */
const REMEMBERED_CALLS = 20_000;

const UNKNOWN_VISITOR: Visitor = {};

/** The whole engine: a Request in, a Response out. Runs wherever web standards do. */
export function createGateway(options: GatewayOptions): Gateway {
  const foundation = layFoundation(options);
  const { ports, basePath, routes } = foundation;
  let config = foundation.settle(options.config);
  const fortunes = options.cooldowns === undefined ? undefined : new KeptFortunes({ store: options.cooldowns, isOn: () => config["save-cooldown-status"] });
  const accounts = options.accountFiles === undefined ? undefined : new AccountPool({
    files: options.accountFiles, kinds: kindsWith(options.accountKinds ?? []), config, ports, changed: () => switchboard.gather(), trustAgain: (id) => switchboard.trustAgain(id), ...(fortunes !== undefined && { ends: fortunes }),
    ...(options.accountEnvironment !== undefined && { environment: options.accountEnvironment }),
  });
  const logins = accounts === undefined ? undefined : loginsOf(accounts, options, ports);
  const switchboard = createSwitchboard({
    config, discovered: options.discovered ?? [], clock: ports.clock, ids: ports.ids, ...foundation.upstreams, ...(accounts !== undefined && { accounts: () => accounts.services() }),
    ...(fortunes !== undefined && { fortunes }),
  });
  if (accounts !== undefined) fortunes?.follow({ accounts: () => accounts.accounts() });
  let snapshot = snapshotOf(config, options.priceFile?.());
  let discovered = options.discovered ?? [];
  const watchers = options.office === undefined ? undefined : createWatchers(config, ports.clock);
  const engine: Gateway["engine"] = {
    ports,
    routes,
    switchboard,
    get sealKeys() {
      return foundation.sealKeys;
    },
    sealMemory: options.sealMemory ?? new LruSealMemory(REMEMBERED_CALLS),
    transcripts: options.transcripts ?? new MemoryTranscripts(ports.clock),
    ...(options.keylessRefusal !== undefined && { keylessRefusal: options.keylessRefusal }),
    ...hooked(options.hooks, { ports, guard: createGuard({ configured: () => snapshot.keys, ports }), observers: [...(watchers === undefined ? [] : observersOf(watchers)), ...(options.observers ?? [])] }),
  };
  const office = options.office === undefined || watchers === undefined ? undefined : openOffice({
    ports: options.office,
    engine,
    ...watchers,
    ...(accounts !== undefined && { accounts }),
    ...(logins !== undefined && { logins }),
    ...(ports.store !== undefined && { store: ports.store }),
    settings: () => snapshot.settings,
    asPrincipal: (principal, board = switchboard) => (request) =>
      receive(request, UNKNOWN_VISITOR, snapshot, { ...engine, switchboard: board, guard: { ...engine.guard, identify: () => principal } }),
  });
  const sockets = accounts === undefined ? undefined : new AccountSockets(accounts, ports, config);
  return {
    engine,
    async upgrade(given, visitor) {
      const request = withoutBasePath(given, basePath);
      return request === undefined ? nothingHere() : receiveSocket(request, known(visitor), {
        engine, accounts: sockets, config: () => config, settings: () => snapshot.settings,
        receive: (inner, from) => receive(inner, from, snapshot, engine),
      });
    },
    async fetch(given, visitor) {
      const request = withoutBasePath(given, basePath);
      if (request === undefined) return nothingHere();
      const official = office?.fetch(request, known(visitor));
      return official ?? showReply(request, receive(request, known(visitor), snapshot, engine), engine);
    },
    ...(accounts !== undefined && { accounts }),
    ...(logins !== undefined && { logins }),
    close: () => {
      watchers?.monitor.close();
      sockets?.close();
      void logins?.close();
      accounts?.close();
    },
    reload: (given, found = discovered) => {
      const next = foundation.settle(given);
      config = next;
      discovered = found;
      const settled = snapshotOf(next, options.priceFile?.());
      accounts?.reload(next);
      sockets?.reload(next);
      switchboard.reload(next, found);
      snapshot = settled;
      if (watchers !== undefined) configureWatchers(watchers, next);
    },
  };
}

/** Servers that take `gateway.fetch` as it is hand over something of their own in the second place, which is nobody's address. */
const known = (visitor: Visitor | undefined): Visitor => (typeof visitor?.address === "string" ? visitor : UNKNOWN_VISITOR);

/** The path is not one of ours to speak for: no dialect, no body. */
const nothingHere = (): Response => new Response(null, { status: 404 });

function loginsOf(pool: AccountPool, { accountFiles: files, callbackPort }: GatewayOptions, ports: Ports): Logins | undefined {
  return files === undefined ? undefined : createLogins({ pool, files, ports, ...(callbackPort !== undefined && { callbackPort }) });
}

function kindsWith(own: readonly AccountKind[]): readonly AccountKind[] {
  return [...ACCOUNT_KINDS.filter(({ name }) => !own.some((kind) => kind.name === name)), ...own];
}

function snapshotOf(config: Config, priceFile: PriceCatalogue | undefined): Snapshot & { readonly keys: ClientKeys } {
  const settings = settingsOf(config, priceFile);
  return { settings, keys: new ClientKeys(settings.apiKeys, settings.clientKeyHeader, config["require-key"]) };
}
