import { valueAt, type Client, type Setting } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { listModels, type Listing } from "./ask-gateway.ts";
import { chooseModels, type ModelWish } from "./choose-models.ts";
import { findGateway, isThisMachine } from "./find-gateway.ts";
import { FORMATS } from "./formats/index.ts";
import { History } from "./history.ts";
import { placesOf } from "./places.ts";
import { readTextFile } from "./text-file.ts";
import { upstreamUrl } from "./upstream-url.ts";
import { agrees, type ConnectTools } from "./tools.ts";

/** What was said on the command line. */
export interface SettingWish extends ModelWish {
  readonly url?: string;
  readonly key?: string;
  readonly configPath?: string;
  /** A provider that the gateway asks because the address names it; `key` is then that provider's. */
  readonly upstream?: string;
  /** The gateway's own key, beside the provider's. */
  readonly gatewayKey?: string;
  /** The gateway is asked nothing. */
  readonly offline?: boolean;
  /** Nobody is asked for the address. */
  readonly isAddressKnown?: boolean;
  /** What else can be done when no gateway answers. */
  readonly remedy?: string;
}

export interface ChosenSetting {
  readonly setting: Setting;
  /** What the gateway lists; empty when it was not asked, or has no list. */
  readonly models: readonly string[];
  /** A key that was made for this. */
  readonly keyId?: number;
}

/** A gateway without keys takes any; clients want one all the same. */
const ANY_KEY = "any";
/** A new key is known to a running gateway within this time, in ms. */
const KEY_KNOWN_MS = 6_000;
const KEY_ASKED_AGAIN_MS = 250;

/** Finds out where to go, with which key, for which models. @throws UsageError when something is missing that nobody can be asked for */
export async function chooseSetting(client: Client, wish: SettingWish, tools: ConnectTools): Promise<ChosenSetting> {
  const url = await chooseUrl(wish, tools);
  if (wish.upstream !== undefined) return { setting: throughGateway(client, url, wish), models: [] };
  if (wish.offline === true) return { setting: { url, key: wish.key ?? offlineKey(), ...(await chooseModels(client, wish, { models: [], tools })) }, models: [] };
  const { key, listing, keyId } = await chooseKey(client, url, wish, tools);
  const models = listing.kind === "models" ? listing.models : [];
  const last = lastOf(client, tools);
  const chosen = await chooseModels(client, wish, { models, tools, ...(last !== undefined && { last }) });
  return { setting: { url, key, ...chosen }, models, ...(keyId !== undefined && { keyId }) };
}

/** @throws UsageError when something is missing */
function throughGateway({ name, takesHeaders }: Client, url: string, { upstream = "", key, model, roles, gatewayKey }: SettingWish): Setting {
  if (key === undefined || model === undefined) throw new UsageError("with --upstream, say --model, and the provider's key with --key or in DRAGOMAN_API_KEY.");
  if (gatewayKey !== undefined && takesHeaders !== true) throw new UsageError(`${name} cannot send the gateway's key beside the provider's.`);
  return { url: upstreamUrl(url, upstream, model), key, model, ...(roles !== undefined && { roles }), ...(gatewayKey !== undefined && { headers: { "x-dragoman-key": gatewayKey } }) };
}

function offlineKey(): never {
  throw new UsageError("without a test nothing is asked of the gateway: say --key, or set DRAGOMAN_API_KEY.");
}

async function chooseUrl({ url, configPath, isAddressKnown }: SettingWish, { around, person }: ConnectTools): Promise<string> {
  const found = findGateway(around, configPath);
  if (url !== undefined) return checkedUrl(url);
  if (!person.isPerson || isAddressKnown === true) return found;
  const answer = (await person.ask(`Address of the gateway [${found}]: `))?.trim() ?? "";
  return answer === "" ? found : checkedUrl(answer);
}

/** With or without a scheme; `/v1` behind it is what clients add themselves. @throws UsageError when it is none */
export function checkedUrl(text: string): string {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${/^(localhost|127\.|\[::1\])/.test(text) ? "http" : "https"}://${text}`;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "") throw new UsageError(`"${text}" is no address of a gateway: it looks like http://127.0.0.1:8317.`);
  return url.href.replace(/\/+$/, "").replace(/(?<!\/\/[^/]*\/.+)\/v1$/, "");
}

interface ChosenKey {
  readonly key: string;
  readonly listing: Listing;
  readonly keyId?: number;
}

/** The given one; else none, where none is needed; else the one in the client's file; else a new one; else somebody is asked. */
async function chooseKey(client: Client, url: string, { key, remedy = "" }: SettingWish, tools: ConnectTools): Promise<ChosenKey> {
  const open = await listModels(url, key);
  if (open.kind === "unreachable") throw new UsageError(`${open.reason}. ${remedy}`);
  if (key !== undefined) return { key, listing: accepted(open, url) };
  if (open.kind === "models") return { key: ANY_KEY, listing: open };
  const own = keyInFiles(client, tools);
  const listing = own === undefined ? undefined : await listModels(url, own);
  if (own !== undefined && listing?.kind === "models") return { key: own, listing };
  return await newKey(client, url, tools) ?? await askedKey(url, tools);
}

/** @throws UsageError unless it lets somebody in */
function accepted(listing: Listing, url: string): Listing {
  if (listing.kind === "refused") throw new UsageError(`the gateway at ${url} refuses the key.`);
  return listing;
}

async function newKey(client: Client, url: string, { makeKey, closeKeys, person, say }: ConnectTools): Promise<ChosenKey | undefined> {
  if (makeKey === undefined || !isThisMachine(url)) return undefined;
  if (person.isPerson && !(await agrees(person, `The gateway wants a key. Make one for ${client.name}?`))) return undefined;
  const { key, id } = await makeKey(client.name);
  const until = Date.now() + KEY_KNOWN_MS;
  for (;;) {
    const listing = await listModels(url, key);
    if (listing.kind === "models") {
      say(`A key was made for ${client.name}; it is number ${id} on the admin page.`);
      return { key, listing, keyId: id };
    }
    if (Date.now() > until) break;
    await Bun.sleep(KEY_ASKED_AGAIN_MS);
  }
  // Another gateway, with a database of its own.
  await closeKeys?.([id]);
  return undefined;
}

async function askedKey(url: string, { person }: ConnectTools): Promise<ChosenKey> {
  if (!person.isPerson) throw new UsageError(`the gateway at ${url} wants a key: say --key, or set DRAGOMAN_API_KEY.`);
  const key = ((await person.askSecret("Key of the gateway (it is not shown): ")) ?? "").trim();
  if (key === "") throw new UsageError("without a key the gateway lets nobody in.");
  return { key, listing: accepted(await listModels(url, key), url) };
}

/** What the client shows the gateway now. */
function keyInFiles(client: Client, { around }: ConnectTools): string | undefined {
  for (const { path, format, file } of placesOf(client, around)) {
    const put = file.puts({ url: "", key: "", model: "" }).find(({ isKey }) => isKey === true);
    try {
      const value = put === undefined ? undefined : valueAt(FORMATS[format].read(readTextFile(path).text), put.path);
      if (typeof value === "string" && value !== "" && new History(around.data, client.id).list().some(({ undoneAt }) => undoneAt === undefined)) return value;
    } catch {
      // Whoever writes into the file will say what is wrong with it.
    }
  }
  return undefined;
}

function lastOf(client: Client, { around }: ConnectTools): { readonly model: string; readonly roles?: Readonly<Record<string, string>> } | undefined {
  return new History(around.data, client.id).list().findLast(({ undoneAt }) => undoneAt === undefined);
}
