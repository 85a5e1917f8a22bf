import type { NamedFiles } from "../management/office.ts";

/**
 * The directory of stored logins, as a host keeps it. Names end in `.json`; a file in a sub-directory is named with `/`.
 * A host whose disk can be written to without waiting does so before `write` returns: nothing then comes between a
 * vendor's answer and its safekeeping. A file that is sealed with another key is handed out as it stands, without a type.
 */
export interface AccountFiles extends NamedFiles {
  /** Calls back with the names that changed, appeared or went, soon after; `undefined`: look at all. Own writes may be among them. */
  watch?(changed: (names: readonly string[] | undefined) => void): () => void;
  /** Does work on one file while no other process does. Absent: there is no other process. */
  locked?<T>(name: string, work: () => Promise<T>): Promise<T>;
}
