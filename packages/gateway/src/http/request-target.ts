/** What of a URL matters here. */
export interface RequestTarget {
  /** The client's own part, where there is more. */
  readonly path: string;
  /** The part before that, where it names an upstream. */
  readonly mount?: string;
  readonly query: { get(name: string): string | null };
}

export const NO_QUERY: RequestTarget["query"] = { get: () => null };

/** Cut by hand, without a `URL` and its parameters: most requests have no query, and the host is not looked at. */
export function targetOf(url: string): RequestTarget {
  const path = pathOf(url);
  const queryAt = url.indexOf("?");
  return { path, query: queryAt < 0 ? NO_QUERY : new URLSearchParams(url.slice(queryAt)) };
}

/** The path of an absolute address, as it stands there. Every door asks for it, so that no `URL` is made. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
}
