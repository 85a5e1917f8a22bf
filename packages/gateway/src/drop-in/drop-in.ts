import type { Environment } from "../config/expand-environment.ts";
import type { ConfigNote } from "../config/findings.ts";
import type { RawObject } from "../config/raw.ts";

/** Another gateway whose settings are understood as they are: its file, its variables, or both. */
export interface DropIn {
  /** `droid2api`. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Whether a file, read as JSON or YAML, is one of that gateway's. Asked before anything else is known of the file. */
  readonly isFile?: (file: RawObject) => boolean;
  /** What such a file says, in our words. */
  readonly ofFile?: (file: RawObject) => DropInSettings;
  /**
   * What the surroundings of the process say, in our words. `undefined`: nothing of that gateway's is there. `file` is what
   * the configuration file says, in our words; empty without one.
   */
  readonly ofEnvironment?: (environment: Environment, file: RawObject) => DropInSettings | undefined;
}

export interface DropInSettings {
  /** Parts of a configuration file. Texts may be `${NAME}`, so that what is imported holds no secret of the environment. */
  readonly config: RawObject;
  /** What the operator should know: terms, what has no counterpart, what is better left. Paths are the other gateway's. */
  readonly notes: readonly ConfigNote[];
}
