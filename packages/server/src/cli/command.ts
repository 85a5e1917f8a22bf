import type { ParseArgsConfig } from "node:util";

type OptionSpec = NonNullable<ParseArgsConfig["options"]>[string] & { readonly help: string; readonly value?: string; /** Not in the help. */ readonly hidden?: true };

/** What a command was given. */
export interface CommandInput {
  readonly options: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly words: readonly string[];
}

/** One command of the program; a file in `commands/`, a line in `main.ts`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name: `[model]`, `check|init|schema [FILE]`. */
  readonly words?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** @returns the exit code */
  run(input: CommandInput): Promise<number>;
}

/** `--config`, for commands that look at the house. */
export const CONFIG_OPTION: OptionSpec = { type: "string", short: "c", value: "FILE", help: "configuration file; default: ./config.yaml when there is one" };

/** The file that `--config` names. */
export function configPathOf({ config }: CommandInput["options"]): string | undefined {
  return typeof config === "string" ? config : undefined;
}

/** `--json`. */
export const JSON_OPTION: OptionSpec = { type: "boolean", help: "print JSON" };

/** A mistake of the user's: told in one line with what to do, without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
