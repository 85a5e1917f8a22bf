import { DIALECTS, providerOfHost, type Dialect, type Provider } from "@dragoman/core";
import { speaks } from "../payload/protocols.ts";
import type { Upstream } from "../routing/candidate.ts";
import { kindOfDialect } from "../routing/services-of-config.ts";
import { allDialects, upstreamsOf, type Upstreams } from "../routing/upstreams-of.ts";

const dialectsById: ReadonlyMap<string, Dialect> = new Map(DIALECTS.map((dialect) => [dialect.id, dialect]));

/** The dialect that a word before `+https` means; `undefined`: none that an upstream could speak. */
export function dialectOfWord(word: string): Dialect | undefined {
  return DIALECTS.find(({ id }) => speaks(id, word) && kindOfDialect(id) !== undefined);
}

/**
 * How an address that a client named is spoken with. The provider of a known host speaks all its dialects at its own base
 * path, at one that it lends to another vendor's dialect, or where the path is left out; any other address speaks the one
 * that was told, or the usual one.
 */
export function upstreamsAt(baseUrl: string, dialect: string | undefined): Upstreams | undefined {
  const { host } = new URL(baseUrl);
  const own = atOwner(baseUrl, host);
  if (own !== undefined && dialect === undefined) return own;
  const named = own?.find((upstream) => upstream.dialect.id === dialect);
  if (named !== undefined) return [named];
  const kind = kindOfDialect(dialect);
  if (kind === undefined) return undefined;
  const found: readonly Upstream[] = upstreamsOf({ ...kind, name: host }, baseUrl, dialectsById) ?? [];
  const only = found.find((upstream) => upstream.dialect.id === kind.dialect);
  return only === undefined ? undefined : [only];
}

function atOwner(baseUrl: string, host: string): Upstreams | undefined {
  const owner = providerOfHost(host);
  if (owner === undefined) return undefined;
  const { origin, pathname } = new URL(baseUrl);
  const ownPath = plainPath(new URL(owner.baseUrl).pathname);
  return isOwnPath(plainPath(pathname), ownPath, owner) ? allDialects(host, owner, origin + ownPath, { dialects: dialectsById }) : undefined;
}

/** Base paths are often told with an end that belongs to the dialect's own paths. */
function isOwnPath(path: string, ownPath: string, owner: Provider): boolean {
  if (path === "" || path === ownPath || owner.lentPaths?.includes(path) === true) return true;
  return Object.entries(owner.dialects).some(([id, { basePath = "" }]) => {
    const trim = kindOfDialect(id)?.trim;
    return path === ownPath + basePath || (trim !== undefined && path.replace(trim, "") === ownPath + basePath);
  });
}

const plainPath = (pathname: string): string => pathname.replace(/\/+$/, "");
