import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** A value that stands in the page's address, so that a link shows the same. The default is left out of it. */
export function useUrlState(name: string, initial = ""): [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback((value: string) => {
    setParams((current) => {
      const next = new URLSearchParams(current);
      if (value === initial || value === "") next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  }, [initial, name, setParams]);
  return [params.get(name) ?? initial, set];
}
