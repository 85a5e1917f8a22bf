import { useCallback } from "react";
import { useSearchParams } from "react-router";

export type SearchChange = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface SearchState {
  get(name: string): string | undefined;
  /** Written with commas. */
  list(name: string): readonly string[];
  /** `undefined` and empty values are taken out. Filters replace the entry of the history, so Back leaves the page. */
  set(change: SearchChange): void;
}

/** What a page shows stands in its address: it survives a reload and can be sent to somebody. */
export function useSearchState(): SearchState {
  const [params, setParams] = useSearchParams();
  const get = useCallback((name: string): string | undefined => params.get(name) ?? undefined, [params]);
  const list = useCallback((name: string): readonly string[] => (params.get(name) ?? "").split(",").filter((part) => part !== ""), [params]);
  const set = useCallback((change: SearchChange): void => setParams((before) => {
    const after = new URLSearchParams(before);
    for (const [name, value] of Object.entries(change)) {
      const text = typeof value === "object" ? value.join(",") : value;
      if (text === undefined || text === "") after.delete(name);
      else after.set(name, text);
    }
    return after;
  }, { replace: true }), [setParams]);
  return { get, list, set };
}
