import type { WireRequest } from "@dragoman/core";

/** Base, path and query of a request that goes out. */
export function urlOf({ baseUrl, path, query }: { readonly baseUrl: string; readonly path: string; readonly query?: WireRequest["query"] | undefined }): string {
  const search = query === undefined ? "" : new URLSearchParams(query).toString();
  return search === "" ? baseUrl + path : `${baseUrl}${path}?${search}`;
}
