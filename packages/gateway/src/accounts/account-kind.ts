import type { Capabilities, CatalogueModel, Json, JsonObject, Provider, ReasoningRequest } from "@dragoman/core";
import type { Environment } from "../config/expand-environment.ts";
import type { AccountRequest, BodyContext, OwnKey } from "../credentials/credential-account.ts";
import type { Config } from "../config/index.ts";
import type { Clock, UpstreamFetch } from "../ports.ts";
import type { SocketDoor } from "../sockets/socket-door.ts";
import type { KindSettings } from "./kind-settings.ts";
import type { LoginFlow, NewAccount } from "./login/login-flow.ts";
import type { QuotaWindow } from "./quota.ts";
import type { SocketShelf } from "./socket-shelf.ts";
import type { VendorCalls } from "./vendor-calls.ts";

/**
 * Everything that is particular to accounts of one vendor: how they are written down, kept alive and used. One file
 * each in `kinds/`; the rest of the house knows none of them by name.
 */
export interface AccountKind {
  /** In commands, in the configuration, in records and before `://` in model names: `claude`, `gemini-cli`. */
  readonly name: string;
  /** `type` in stored files, the first one in files that we write: `["gemini", "gemini-cli"]`. */
  readonly types: readonly [string, ...string[]];
  /** For people: `Claude subscription`. */
  readonly title: string;
  /**
   * What the vendor's terms may forbid, in one plain sentence. Accounts of such a kind are used, and logged in, only
   * after the operator has said so once (`accounts.subscriptions`). Absent: there is no such question.
   */
  readonly terms?: string;
  /** What operators may set in `accounts.kinds.<name>`, with what holds until they do. */
  readonly defaults: KindSettings;
  /** Options that stand elsewhere in the configuration, by names that another gateway gave them. Pure. */
  optionsIn?(config: Config): Readonly<Record<string, Json>>;
  /** Settings without which the kind cannot log in or renew, e.g. `client-secret`, and where to find them. */
  readonly needs?: readonly NeededSetting[];
  /** Tokens are renewed this long before their end, in ms. Absent: only when a request needs one. */
  readonly renewLeadMs?: number;
  /** The vendor's own limit for one account, kept here so that nobody runs into it; absent or 0: none is known. */
  requestsPerMinute?(settings: KindSettings): number;
  /** A request waits for a new token when the one at hand ends within this time, in ms; 10 s when absent. */
  readonly requestLeadMs?: number;
  /** The ways to log in, the usual one first. */
  readonly logins?: readonly LoginFlow[];
  /** What a person may choose before a login; told to the flow by name. */
  readonly loginChoices?: readonly { readonly name: string; readonly label: string; readonly hint: string }[];
  /** Reads a stored file. Must take every spelling that tools have written. Pure. */
  read(content: JsonObject, settings: KindSettings): AccountFacts;
  /**
   * What the account can answer with; called once for accounts that are alike. Absent: `provider` with its catalogue.
   * The models of a line are those of its provider's catalogue unless it brings its own.
   */
  lines?(facts: AccountFacts, settings: KindSettings): readonly AccountLine[];
  /**
   * Preview names of models, which the vendor counts by themselves: they are tried when the model's own quota is used up.
   * Absent: there is no such thing; empty: only those that the operator names (`quota-exceeded.preview-models`).
   */
  readonly previewModels?: Readonly<Record<string, readonly string[]>>;
  /** How the vendor speaks. Its `baseUrl` is replaced by the account's or the operator's. */
  readonly provider: Provider;
  /**
   * Gets a new token. @returns the members that change in the file; an old refresh token stays when none is returned
   * @throws AccountError
   */
  renew?(visit: AccountVisit): Promise<JsonObject>;
  /** Members of the body that this account's requests need. Pure but for `newId`; must not change its argument. */
  patchBody?(body: JsonObject, context: BodyContext & RequestVisit): JsonObject;
  /** The request as it goes out. Absent: `Authorization: Bearer <access token>` is put on it. Pure but for `newId`. */
  address?(request: AccountRequest, visit: RequestVisit): AddressedRequest;
  /** Takes a vendor's envelope off a good reply, or makes a dialect's reply of it. */
  openReply?(response: Response, request: AccountRequest, visit: RequestVisit): Response | Promise<Response>;
  /** In place of the network, or over it: another way to carry a request. */
  connect?(visit: RequestVisit, network: UpstreamFetch, request: AccountRequest): UpstreamFetch | undefined;
  /** Whether a reply says that the token is not good (any more), though it could be renewed. Absent: status 401. */
  isTokenRefused?(status: number, body: string): boolean;
  /** What the headers of any reply say about the account's quotas. */
  readQuota?(headers: Headers, now: number): readonly QuotaWindow[] | undefined;
  /** Asks the vendor for the account's quotas. Called at a person's wish. @throws AccountError */
  askQuota?(visit: AccountVisit): Promise<readonly QuotaWindow[]>;
  /** What is missing in an account and can be had from the vendor before its first request, e.g. a project. @returns members for the file */
  complete?(visit: AccountVisit): Promise<JsonObject>;
  /** Whether `complete` has to be called. */
  isIncomplete?(facts: AccountFacts): boolean;
  /** For pages and programs that connect to the gateway by websocket, and serve its requests from then on. */
  readonly socket?: AccountSocket;
  /** Logins that the vendor's own programs hold on this machine, and that a person may take over. */
  readonly found?: readonly FoundLogin[];
  /** Accounts that variables of the environment speak of; they are used without anybody's doing. Pure. */
  fromEnvironment?(variables: Environment): EnvironmentLogins;
  /** An account without a secret of its own, which answers with the clients'. Without `takesOwnKey` it takes part only while there is no other of its kind. */
  ofClients?(settings: KindSettings): JsonObject | undefined;
  /** Which of the keys that clients bring are for this vendor, so that the account of the clients answers them, whoever else could. `undefined`: there is no such thing. Pure. */
  takesOwnKey?(settings: KindSettings): ((own: OwnKey) => boolean) | undefined;
}

/** What the environment of this process holds for one kind. */
export interface EnvironmentLogins {
  /** Fixed keys: they stand in no file. */
  readonly passing?: readonly NewAccount[];
  /** Logins whose secret changes as it is used, so that they are kept in the directory of logins from the first time on. */
  readonly kept?: readonly KeptLogin[];
  /** Files of the vendor's own program, below the home directory, which are used and renewed where they stand. */
  readonly followed?: readonly string[];
  /** Files in the directory of logins that rest meanwhile. */
  readonly resting?: readonly string[];
}

export interface KeptLogin extends NewAccount {
  /** What the variable says. The file is written anew only when this is another than the one it was made of. */
  readonly origin: string;
}

export interface NeededSetting {
  /** Key in `accounts.kinds.<name>`, e.g. `client-secret`. */
  readonly key: "client-secret" | "client-id";
  /** What it is and where to find it, in one sentence. */
  readonly where: string;
  /** Accounts that it is needed for; absent: all. */
  readonly isNeeded?: (facts: AccountFacts) => boolean;
  /** The vendor's own program holds it: npm package, and an expression whose first group is the value. Read only with the user's consent. */
  readonly program?: { readonly npmPackage: string; readonly pattern: RegExp };
}

/** Where accounts connect by themselves. */
export interface AccountSocket {
  /** Path of the upgrade, e.g. `/v1/ws`. */
  readonly path: string;
  /** Whether a client key is asked for. When that begins to be so, those that are connected are sent away. */
  isGuarded(config: Config): boolean;
  accept(visit: SocketVisit): SocketDoor & { end(reason: string): void };
}

export interface SocketVisit {
  /** Of the account that this connection is: the kind's name and 16 random letters and digits. */
  readonly name: string;
  readonly clock: Clock;
  /** A random UUID, version 4. */
  newId(): string;
  /** The account is there; its requests go by `carry`. */
  join(content: JsonObject, carry: UpstreamFetch): void;
  leave(): void;
}

/** A login that another program left in the home directory. */
export interface FoundLogin {
  /** For people: `Claude Code`. */
  readonly program: string;
  /** Below the home directory, e.g. `.claude/.credentials.json`. */
  readonly path: string;
  /** Directory of it in the environment, in place of the first part of `path`, e.g. `CODEX_HOME`. */
  readonly variable?: string;
  /** @returns a stored file's content, or `undefined` when it is none */
  take(content: JsonObject): { readonly file: string; readonly content: JsonObject } | undefined;
}

/** What a stored file says. */
export interface AccountFacts {
  /** For people and records: usually the e-mail address. */
  readonly label: string;
  readonly accessToken?: string;
  /** Absent: the token is all there is, unless `canRenew`. */
  readonly refreshToken?: string;
  /** A new token can be had without a refresh token: a private key in the file signs for it. */
  readonly canRenew?: true;
  /** Epoch ms. */
  readonly expiresAt?: number;
  /** Epoch ms of the last renewal. */
  readonly renewedAt?: number;
  /** Over the kind's own. */
  readonly renewLeadMs?: number;
  readonly plan?: string;
  readonly baseUrl?: string;
  /** What requests need of the file beside tokens (project, account id…); read once, handed to `patchBody` and `address`. */
  readonly values?: Readonly<Record<string, string>>;
  /** Several seats that share one token, each with cooldowns of its own; absent: one. Values go over those of the account. */
  readonly seats?: readonly AccountSeat[];
  /** Accounts of one kind that offer other models must differ in this word. */
  readonly alike?: string;
  /** Why the file is no account, for people. */
  readonly trouble?: string;
}

export interface AccountSeat {
  /** After `::` in ids. */
  readonly suffix: string;
  readonly values: Readonly<Record<string, string>>;
  /** It costs more: sat on only when nobody else is left for the model, and never kept for a conversation. */
  readonly isLastResort?: true;
}

/** A way through an account: a provider, and the models that are reached through it. */
export interface AccountLine {
  readonly provider: Provider;
  readonly models?: readonly AccountModel[];
  /** What answers to a name that no list holds, if this line wants to. `isNamed`: the client named the kind before it. Pure. */
  unlisted?(name: string, isNamed: boolean): AccountModel | undefined;
}

export interface AccountModel extends CatalogueModel {
  /** Over what the provider's description says. */
  readonly capabilities?: Capabilities;
  /** How hard it thinks, whatever clients ask; absent: it is left to them. */
  readonly reasoning?: ReasoningRequest;
  /** Its vendor has another name for it: replies bear ours. */
  readonly forceMapping?: true;
}

/** What `renew`, `complete` and `askQuota` work with. */
export interface AccountVisit {
  readonly content: JsonObject;
  readonly facts: AccountFacts;
  readonly settings: KindSettings;
  readonly calls: VendorCalls;
}

/** What one request may know of its account. */
export interface RequestVisit {
  readonly facts: AccountFacts;
  /** Those of the account, with those of the seat over them. */
  readonly values: Readonly<Record<string, string>>;
  readonly settings: KindSettings;
  /** Epoch ms. */
  now(): number;
  /** A random UUID, version 4. */
  newId(): string;
  /** Websockets of this account between two turns; absent where the host opens none. */
  readonly sockets?: SocketShelf;
}

export interface AddressedRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** Checks nothing at run time; it gives the description its type. */
export function defineAccountKind(kind: AccountKind): AccountKind {
  return kind;
}
