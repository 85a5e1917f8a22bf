import { isJsonObject, sha256Hex, type Json, type JsonObject } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import type { Credential } from "../credentials/credential.ts";
import type { CredentialAccount } from "../credentials/credential-account.ts";
import { anyPattern } from "../routing/pattern.ts";
import type { OfferedModel, Service } from "../routing/service.ts";
import { allDialects, type DialectsById } from "../routing/upstreams-of.ts";
import { createFailureRules } from "../upstream/failure-rules.ts";
import type { Account } from "./account.ts";
import type { AccountFacts, AccountKind, AccountLine, AccountModel } from "./account-kind.ts";
import { aliasesOf, readErrorRules, withAliases, type ModelAlias } from "./model-aliases.ts";
import { textOf } from "./stored-json.ts";

/** One seat of an account, ready to be sat on. */
export interface AccountSeatOf {
  readonly account: Account;
  /** Empty when the account has one seat only. */
  readonly suffix: string;
  readonly sender: CredentialAccount;
  /** The account takes part; otherwise it is only shown. */
  readonly isReady: boolean;
  /** See `Service`; the same for all accounts of a likeness. */
  readonly takesOwnKey?: Service["takesOwnKey"];
}

export interface AccountServicesContext {
  readonly config: Config;
  readonly dialects: DialectsById;
  /** Absolute, for the indexes that the management API gives out. */
  readonly directory: string;
}

/**
 * Accounts that offer the same are one service, however many they are: what is built for each of them is one credential.
 */
export function servicesOfAccounts(seats: readonly AccountSeatOf[], context: AccountServicesContext): Service[] {
  const groups = new Map<string, AccountSeatOf[]>();
  for (const seat of seats) {
    const key = likenessOf(seat.account);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [seat]);
    else group.push(seat);
  }
  return [...groups.values()].flatMap((group) => servicesOf(group, context));
}

/** By what was read of an account, which is another object after each change. */
const likenesses = new WeakMap<AccountFacts, string>();

/** Everything in an account that changes what it offers. */
function likenessOf({ kind, content, facts }: Account): string {
  const known = likenesses.get(facts);
  if (known !== undefined) return known;
  const likeness = JSON.stringify([kind.name, facts.baseUrl, facts.plan, facts.alike, content.prefix, content.excluded_models, content.model_aliases]);
  likenesses.set(facts, likeness);
  return likeness;
}

/** Everything in an account that routing looks at, tokens aside: as long as it is the same, services need not be gathered anew. */
export function standingOf(account: Account): string {
  const { content, facts } = account;
  return JSON.stringify([
    likenessOf(account), facts.label, facts.seats, facts.trouble, content.disabled, content.proxy_url, content.request_retry, content.request_scoped_errors,
    content.headers, content.priority, content.weight, content.disable_cooling, content.max_concurrency,
  ]);
}

function servicesOf(group: readonly AccountSeatOf[], context: AccountServicesContext): Service[] {
  const account = group[0]?.account;
  if (account === undefined) return [];
  const lines = account.kind.lines?.(account.facts, account.settings) ?? [{ provider: account.kind.provider }];
  return lines.flatMap((line) => lineService(group, { account, line }, context) ?? []);
}

function lineService(group: readonly AccountSeatOf[], { account, line }: { readonly account: Account; readonly line: AccountLine }, context: AccountServicesContext): Service | undefined {
  const { kind, facts, settings, content } = account;
  const baseUrl = (facts.baseUrl ?? settings.baseUrl ?? line.provider.baseUrl).replace(/\/+$/, "");
  const upstreams = allDialects(kind.name, line.provider, baseUrl, { dialects: context.dialects });
  if (upstreams === undefined) return undefined;
  const credentials = group.map((seat) => ({ seat, credential: credentialOf(seat, context) }));
  const switchedOff = credentials.filter(({ seat }) => !seat.isReady).map(({ credential }) => credential);
  const prefix = textOf(content.prefix);
  const models = withPreviews(offeredOf(line, aliasesOf(content, context.config["oauth-model-alias"][kind.name])), kind.previewModels, context.config);
  return {
    name: kind.name,
    ownedBy: line.provider.id,
    upstreams,
    credentials: credentials.filter(({ seat }) => seat.isReady).map(({ credential }) => credential),
    ...(switchedOff.length > 0 && { switchedOff }),
    models,
    excludes: anyPattern([...(context.config["oauth-excluded-models"][kind.name] ?? []), ...textsOf(content.excluded_models)]),
    catalogue: [],
    ...unlistedOf(line),
    ...(group[0]?.takesOwnKey !== undefined && { takesOwnKey: group[0].takesOwnKey }),
    ...(prefix !== undefined && !prefix.includes("/") && { prefix }),
  };
}

function offeredOf(line: AccountLine, aliases: readonly ModelAlias[]): readonly OfferedModel[] {
  return withAliases((line.models ?? line.provider.catalogue ?? []).map(asOffered), aliases);
}

function asOffered({ id, ...facts }: AccountModel): OfferedModel {
  return { name: id, upstreamModel: id, forceMapping: false, ...facts };
}

function unlistedOf(line: AccountLine): Pick<Service, "unlisted"> {
  if (line.unlisted === undefined) return {};
  return {
    unlisted: (name, isNamed) => {
      const model = line.unlisted?.(name, isNamed);
      return model === undefined ? undefined : asOffered(model);
    },
  };
}

function withPreviews(models: readonly OfferedModel[], ofKind: AccountKind["previewModels"], { "quota-exceeded": quota }: Config): readonly OfferedModel[] {
  if (ofKind === undefined || !quota["switch-preview-model"]) return models;
  const names = new Map(Object.entries({ ...ofKind, ...quota["preview-models"] }));
  return models.map((model) => {
    const previews = names.get(model.upstreamModel);
    return previews === undefined ? model : { ...model, previews };
  });
}

/** By the seat's sender: what was made of which content. Of ten thousand accounts, those that changed are made anew. */
const credentials = new WeakMap<CredentialAccount, { readonly content: JsonObject; readonly config: Config; readonly directory: string; readonly credential: Credential }>();

function credentialOf(seat: AccountSeatOf, context: AccountServicesContext): Credential {
  const { content } = seat.account;
  const { config, directory } = context;
  const known = credentials.get(seat.sender);
  if (known !== undefined && known.content === content && known.config === config && known.directory === directory) return known.credential;
  const credential = makeCredential(seat, context);
  credentials.set(seat.sender, { content, config, directory, credential });
  return credential;
}

/** Further down than any priority that people set. */
const LAST_RESORT = 1_000_000_000;

function makeCredential({ account, suffix, sender }: AccountSeatOf, { config, directory }: AccountServicesContext): Credential {
  const { kind, file, content, facts } = account;
  const id = credentialIdOf(file, suffix);
  const path = `${directory.replace(/\/+$/, "")}/${id}`;
  const isLastResort = facts.seats?.find((seat) => seat.suffix === suffix)?.isLastResort;
  const proxyUrl = textOf(content.proxy_url);
  const retry = numberOf(content.request_retry);
  const failureRules = createFailureRules(readErrorRules(content.request_scoped_errors) ?? config["oauth-request-scoped-errors"][kind.name] ?? []);
  return {
    id,
    index: accountIndex(kind.types[0], path),
    label: suffix === "" ? `${kind.name} ${facts.label}` : `${kind.name} ${facts.label} (${suffix})`,
    headers: isJsonObject(content.headers) ? headersOf(content.headers) : {},
    ...(proxyUrl !== undefined && { proxyUrl: proxyUrl.toLowerCase() === "none" ? "direct" : proxyUrl }),
    priority: (numberOf(content.priority) ?? 0) - (isLastResort === true ? LAST_RESORT : 0),
    ...(isLastResort === true && { isLastResort }),
    weight: numberOf(content.weight) ?? 1,
    disableCooling: typeof content.disable_cooling === "boolean" ? content.disable_cooling : config["disable-cooling"],
    ...(retry !== undefined && retry >= 0 && { requestRetry: retry }),
    ...(failureRules !== undefined && { failureRules }),
    account: sender,
  };
}

/** @param suffix of the seat; empty when there is one only */
export function credentialIdOf(file: string, suffix: string): string {
  return suffix === "" ? file : `${file}::${suffix}`;
}

/** 16 hex digits, the same over restarts: what the management API calls `auth_index` of a stored login. */
export function accountIndex(type: string, path: string): string {
  return sha256Hex(`${type}:${path}`).slice(0, 16);
}

function headersOf(headers: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
