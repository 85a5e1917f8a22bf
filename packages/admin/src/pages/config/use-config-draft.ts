import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { readConfigText } from "../parts/config-text.ts";

const INTERVAL_MS = 10_000;
const QUERY = ["config-text"];

interface Kept {
  /** The file as it was when the editing began. */
  readonly base: string;
  readonly text: string;
}

/** Outlives the page, so that a look at another page loses nothing. In memory only: the text holds secrets. */
let kept: Kept | undefined;

export interface ConfigDraft {
  /** `undefined` while the file is read. */
  readonly text: string | undefined;
  readonly base: string;
  readonly changed: boolean;
  /** What the file holds now, when that is neither what the editing began with nor what is written here. */
  readonly theirs: string | undefined;
  readonly isNew: boolean;
  readonly error: Error | null;
  retry(): void;
  edit(text: string): void;
  /** Takes the file as it is now. */
  restart(): Promise<void>;
  /** From now on the file is this text. */
  saved(text: string): void;
}

export function useConfigDraft(): ConfigDraft {
  const queries = useQueryClient();
  const query = useQuery({ queryKey: QUERY, queryFn: async ({ signal }) => (await readConfigText(signal)) ?? null, refetchInterval: INTERVAL_MS, staleTime: 0 });
  const [draft, setDraft] = useState(kept);
  const file = query.data === undefined ? undefined : (query.data ?? "");
  const keep = useCallback((next: Kept | undefined): void => {
    kept = next;
    setDraft(next);
  }, []);
  const base = draft?.base ?? file ?? "";
  const changed = draft !== undefined && draft.text !== draft.base;
  useEffect(() => {
    // Nothing was changed here: what others write is simply shown.
    if (draft !== undefined && draft.text === draft.base) keep(undefined);
  }, [draft, keep]);
  useEffect(() => {
    if (!changed) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [changed]);
  return {
    text: draft?.text ?? file, base, changed, isNew: query.data === null, error: query.error,
    theirs: changed && file !== undefined && file !== draft.base && file !== draft.text ? file : undefined,
    retry: () => void query.refetch(),
    edit: useCallback((text: string) => keep({ base, text }), [base, keep]),
    async restart() {
      keep(undefined);
      await queries.invalidateQueries({ queryKey: QUERY });
    },
    saved(text) {
      queries.setQueryData(QUERY, text);
      keep(undefined);
      for (const name of ["providers", "models", "connect", "system"]) void queries.invalidateQueries({ queryKey: [name] });
    },
  };
}
