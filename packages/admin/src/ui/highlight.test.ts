import { expect, test } from "bun:test";
import { highlight, type CodeLanguage } from "./highlight.ts";

const kinds = (code: string, language: CodeLanguage): string[] => highlight(code, language).filter(({ kind }) => kind !== undefined).map(({ kind, text }) => `${kind}:${text}`);

test("keys are told from strings", () => {
  expect(kinds('{"a": "b: c", "n": -1.5e3, "t": true}', "json")).toEqual(['key:"a"', 'string:"b: c"', 'key:"n"', "number:-1.5e3", 'key:"t"', "word:true"]);
  expect(kinds('# note\nport: 8317\nname: "x"', "yaml")).toEqual(["comment:# note", "key:port", "number:8317", "key:name", 'string:"x"']);
  expect(kinds('export KEY="v"', "bash")).toEqual(["word:export", "key:KEY", 'string:"v"']);
});

test("no letter is lost or doubled, whatever the code is", () => {
  const code = '{"unfinished": "string\n[table]\nkey = \'x\' # and\n\\ "" \u{1F600} $HOME `a${b}`';
  for (const language of ["json", "bash", "yaml", "toml", "ini", "python", "typescript", "http", "text"] as const) {
    expect(highlight(code, language).map(({ text }) => text).join("")).toBe(code);
  }
});

test("very long texts stay plain", () => {
  const code = '"a",'.repeat(60_000);
  expect(highlight(code, "json")).toEqual([{ text: code }]);
});
