import { asideOf, providerOfHost, type Dialect, type Provider, type ProviderDialect } from "@dragoman/core";
import type { Upstream } from "./candidate.ts";

export type Upstreams = readonly [Upstream, ...Upstream[]];
export type DialectsById = ReadonlyMap<string, Dialect>;

/** What a kind of configuration entry means. */
export interface EntryKind {
  /** Name of the upstream in records. */
  readonly name: string;
  /** The dialect that its base URL is written for. */
  readonly dialect: string;
  /** Whose keys these are. */
  readonly vendor: Provider;
  /** Stands in for the vendor where the base URL is somebody else's. */
  readonly stranger: Provider;
  /** Ends of a base URL that the dialect's paths bring themselves. */
  readonly trim?: RegExp;
}

/**
 * The dialects that an entry speaks. At a provider's own address those are all that the provider has; at any other
 * address just the one that the entry was written for.
 */
export function upstreamsOf(kind: EntryKind, configured: string | undefined, dialects: DialectsById): Upstreams | undefined {
  const baseUrl = trimmed(configured, kind.trim);
  if (baseUrl === undefined) return allDialects(kind.name, kind.vendor, kind.vendor.baseUrl, { dialects, first: kind.dialect });
  const owner = providerOfHost(hostOf(baseUrl));
  const provider = owner?.dialects[kind.dialect] === undefined ? kind.stranger : owner;
  const spoken = provider.dialects[kind.dialect];
  if (provider.baseUrl !== "" && baseUrl === provider.baseUrl + (spoken?.basePath ?? "")) {
    return allDialects(kind.name, provider, provider.baseUrl, { dialects, first: kind.dialect });
  }
  const only = upstream({ name: kind.name, provider, id: kind.dialect, baseUrl }, dialects);
  return only === undefined ? undefined : [only];
}

/** Whether an upstream is one of its provider's own addresses. */
export function isAtVendor({ baseUrl, provider }: Upstream): boolean {
  return provider.hosts?.includes(hostOf(baseUrl).toLowerCase()) ?? false;
}

/** All dialects of a provider at one address, the wanted one first if it is named. */
export function allDialects(name: string, provider: Provider, baseUrl: string, how: { readonly dialects: DialectsById; readonly first?: string }): Upstreams | undefined {
  const ids = Object.keys(provider.dialects);
  const ordered = how.first === undefined ? ids : [...ids].sort((a, b) => Number(b === how.first) - Number(a === how.first));
  const found = ordered.flatMap((id) => upstream({ name, provider, id, baseUrl: baseUrl + (provider.dialects[id]?.basePath ?? "") }, how.dialects) ?? []);
  const [first, ...rest] = found;
  return first === undefined ? undefined : [first, ...rest];
}

function upstream(spoken: { readonly name: string; readonly provider: Provider; readonly id: string; readonly baseUrl: string }, dialects: DialectsById): Upstream | undefined {
  const dialect = dialects.get(spoken.id);
  if (dialect === undefined) return undefined;
  const how = spoken.provider.dialects[spoken.id] ?? {};
  const patchRequest = patchOf(how);
  return {
    name: spoken.name, provider: spoken.provider, dialect, baseUrl: spoken.baseUrl,
    ...(patchRequest !== undefined && { patchRequest }),
    ...(how.path !== undefined && { path: how.path }),
    ...(how.asides !== undefined && { asides: how.asides }),
  };
}

/** The provider's own patch, and for models behind an endpoint of another shape what that wants after it. */
function patchOf(how: ProviderDialect): ProviderDialect["patchRequest"] {
  const { patchRequest, asides } = how;
  if (asides === undefined) return patchRequest;
  return (body, model) => {
    const patched = patchRequest?.(body, model) ?? body;
    return asideOf(how, model)?.request(patched) ?? patched;
  };
}

function trimmed(baseUrl: string | undefined, ends: RegExp | undefined): string | undefined {
  const plain = baseUrl?.trim().replace(/\/+$/, "") ?? "";
  if (plain === "") return undefined;
  return ends === undefined ? plain : plain.replace(ends, "").replace(/\/+$/, "");
}

/** `""` where the text is no address. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}
