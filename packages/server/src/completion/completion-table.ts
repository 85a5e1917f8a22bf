import { ACCOUNT_KINDS, CLIENTS } from "@dragoman/gateway";
import type { Command } from "../cli/command.ts";

/** What may follow somewhere: fixed words, models (asked when needed), files, or nothing that is known. */
export interface Choices {
  readonly words: readonly string[];
  readonly models: boolean;
  readonly files: boolean;
}

export interface CompletedOption {
  /** `--config`. */
  readonly long: string;
  /** `-c`. */
  readonly short?: string;
  readonly help: string;
  /** Absent: it takes no value. */
  readonly value?: Choices;
}

export interface CompletedCommand {
  readonly name: string;
  readonly help: string;
  readonly options: readonly CompletedOption[];
  /** What stands after the name. */
  readonly words: Choices;
}

/** Words of placeholders whose values are known without asking. */
const KNOWN: Readonly<Record<string, readonly string[]>> = { "<client>": CLIENTS.map(({ id }) => id), "<kind>": ACCOUNT_KINDS.map(({ name }) => name) };

/** What every shell's script is made of, from the commands themselves. */
export function completionTable(commands: readonly Command[]): readonly CompletedCommand[] {
  return commands.map(({ name, summary, words, options }) => ({
    name,
    help: summary,
    words: choicesOf(words ?? ""),
    options: Object.entries(options).filter(([, { hidden }]) => hidden !== true).map(([long, spec]): CompletedOption => ({
      long: `--${long}`,
      help: spec.help,
      ...(spec.short !== undefined && { short: `-${spec.short}` }),
      ...(spec.type === "string" && { value: choicesOf(spec.value ?? "") }),
    })),
  }));
}

/** Reads what the help says: `check|init|schema [FILE]`, `<client>`, `set NAME | list`. The first word of each is a choice. */
function choicesOf(text: string): Choices {
  const first = text.split("|").map((part) => part.trim().replace(/^\[/, "").split(/[\s\]]/)[0] ?? "");
  return {
    words: first.flatMap((word) => KNOWN[word] ?? (/^[a-z][a-z0-9-]*$/.test(word) ? [word] : [])),
    models: /\bMODEL\b/.test(text),
    files: /\b(?:FILE|DIRECTORY)\b/.test(text),
  };
}
