/** Why a configuration was refused. Never quotes a value, which may be a secret. */
export interface ConfigProblem {
  /** `claude-api-key[0].base-url`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  /** The key that was probably meant. */
  readonly suggestion?: string;
}

/** Something the operator should know about a configuration that was accepted. Never quotes a value. */
export interface ConfigNote {
  readonly path: string;
  /**
   * `unused`: a key of another gateway, without effect here. `unknown`: a key that nobody knows, kept in the file. `migrated`: an old spelling. `dropped`: an entry that cannot
   * be used. `pending`: understood, without effect so far. `warning`: works, but may not be what was meant.
   */
  readonly kind: "unused" | "unknown" | "migrated" | "dropped" | "pending" | "warning";
  readonly message: string;
  /** The key that was probably meant. */
  readonly suggestion?: string;
}

/** The sentence of a finding, with the key that was probably meant. */
export function findingText({ message, suggestion }: ConfigProblem): string {
  return suggestion === undefined ? message : `${message} (did you mean ${suggestion}?)`;
}

/** Collects notes during a parse. */
export type TakeNote = (kind: ConfigNote["kind"], path: string, message: string, suggestion?: string) => void;
