import { parseArguments } from "../../canonical/index.ts";

/**
 * Mends what small models write as arguments: single quotes, commas before a closing bracket, line breaks inside
 * strings, Python's constants, strings and brackets that were never closed. Numbers keep their digits.
 *
 * @returns JSON text of an object, or `undefined` when the text cannot be understood
 */
export function repairJson(text: string): string | undefined {
  const repaired = new Repair(text).run();
  return repaired === undefined || parseArguments(repaired) === undefined ? undefined : repaired;
}

const CONSTANTS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null", true: "true", false: "false", null: "null" };

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Reads leniently and writes strictly, in one pass. `undefined` from any step ends the attempt. */
class Repair {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): string | undefined {
    const value = this.#value();
    this.#skipBlank();
    return this.#at < this.#text.length ? undefined : value;
  }

  #value(): string | undefined {
    this.#skipBlank();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#members("{", "}", () => this.#member());
      case "[":
        return this.#members("[", "]", () => this.#value());
      case '"':
      case "'":
        return this.#string();
      default:
        return this.#literal();
    }
  }

  /** Everything up to the closing bracket, or to the end of the text. */
  #members(open: string, close: string, read: () => string | undefined): string | undefined {
    this.#at += 1;
    const members: string[] = [];
    for (;;) {
      this.#skipBlank();
      const char = this.#text[this.#at];
      if (char === undefined || char === close) {
        this.#at += 1;
        return `${open}${members.join(",")}${close}`;
      }
      if (char === ",") {
        this.#at += 1;
        continue;
      }
      const member = read();
      if (member === undefined) return undefined;
      members.push(member);
    }
  }

  #member(): string | undefined {
    const quote = this.#text[this.#at];
    const key = quote === '"' || quote === "'" ? this.#string() : this.#bareKey();
    this.#skipBlank();
    if (key === undefined || this.#text[this.#at] !== ":") return undefined;
    this.#at += 1;
    const value = this.#value();
    return value === undefined ? undefined : `${key}:${value}`;
  }

  #bareKey(): string | undefined {
    const key = /^[A-Za-z_$][\w$]*/.exec(this.#text.slice(this.#at))?.[0];
    if (key === undefined) return undefined;
    this.#at += key.length;
    return `"${key}"`;
  }

  #string(): string {
    const quote = this.#text[this.#at++];
    let value = "";
    for (let char = this.#text[this.#at]; char !== undefined && char !== quote; char = this.#text[this.#at]) {
      value += char === "\\" ? this.#escape(quote) : escaped(char);
      this.#at += 1;
    }
    this.#at += 1;
    return `"${value}"`;
  }

  /** JSON knows no `\'`, and a backslash at the very end belongs to something that was cut off. */
  #escape(quote: string | undefined): string {
    this.#at += 1;
    const char = this.#text[this.#at];
    if (char === undefined) return "";
    return char === "'" && quote === "'" ? "'" : `\\${char}`;
  }

  #literal(): string | undefined {
    const word = /^[^\s,:{}[\]"']+/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += word.length;
    return CONSTANTS[word] ?? (NUMBER.test(word) ? word : undefined);
  }

  #skipBlank(): void {
    while (/\s/.test(this.#text[this.#at] ?? "x")) this.#at += 1;
  }
}

function escaped(char: string): string {
  return JSON.stringify(char).slice(1, -1);
}
