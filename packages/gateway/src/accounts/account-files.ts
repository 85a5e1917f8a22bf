import type { NamedFiles } from "../management/office.ts";

/**
 * The directory of stored logins, as a host keeps it. Names are plain and end in `.json`. A host whose disk can be
 * written to without waiting does so before `write` returns: nothing then comes between a vendor's answer and its safekeeping.
 */
export interface AccountFiles extends NamedFiles {
  /** Calls back with the names that changed, appeared or went, soon after; `undefined`: look at all. Own writes may be among them. */
  watch?(changed: (names: readonly string[] | undefined) => void): () => void;
  /** Does work on one file while no other process does. Absent: there is no other process. */
  locked?<T>(name: string, work: () => Promise<T>): Promise<T>;
}
