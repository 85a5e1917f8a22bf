import { shell } from "@dragoman/gateway";
import type { Format } from "./format.ts";

const OPENING = "# >>> dragoman >>>";
const CLOSING = "# <<< dragoman <<<";
const BLOCK = /^# >>> dragoman >>>\r?\n([\s\S]*?)^# <<< dragoman <<<(?:\r?\n|$)/m;

/** How one variable is written. */
interface Notation {
  line(name: string, value: string): string;
  readonly pattern: RegExp;
}

/**
 * Variables stand in a block of ours; what else a file says is nobody's business here. In `.env` files the last one of a name holds,
 * and so it does in a shell.
 */
function inNotation({ line, pattern }: Notation): Format {
  return {
    read(text) {
      const [, block = ""] = BLOCK.exec(text) ?? [];
      return Object.fromEntries([...block.matchAll(pattern)].map(([, name = "", value = ""]) => [name, unquoted(value)]));
    },
    edit(text, { wanted, newline }) {
      const lines = Object.entries(wanted).map(([name, value]) => line(name, String(value)));
      if (lines.length === 0) return text.replace(BLOCK, "");
      const block = [OPENING, ...lines, CLOSING].join(newline);
      if (BLOCK.test(text)) return text.replace(BLOCK, (old) => (old.endsWith("\n") ? block + newline : block));
      return `${text}${text === "" || text.endsWith("\n") ? "" : newline}${block}${newline}`;
    },
  };
}

/** `NAME=VALUE`, as programs read it that know no shell: within single quotes nothing has a meaning. */
export const variablesFormat: Format = inNotation({ line: (name, value) => `${name}=${shell(value)}`, pattern: /^(\w+)=(.*?)\r?$/gm });

export const exportsFormat: Format = inNotation({ line: (name, value) => `export ${name}=${shell(value)}`, pattern: /^export (\w+)=(.*?)\r?$/gm });

export const fishFormat: Format = inNotation({ line: (name, value) => `set -gx ${name} ${shell(value)}`, pattern: /^set -gx (\w+) (.*?)\r?$/gm });

function unquoted(value: string): string {
  return /^'.*'$/s.test(value) ? value.slice(1, -1).replaceAll("'\\''", "'") : value;
}

