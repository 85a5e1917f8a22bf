// Text must be readable in both appearances: WCAG 2.2 AA asks for 4.5 to 1.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const sheet = readFileSync(join(import.meta.dir, "tokens.css"), "utf8");
const [light = "", dark = ""] = sheet.split(':root[data-theme="dark"]');

function token(name: string, theme: string): string {
  const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(theme)?.[1];
  if (value === undefined) throw new Error(`no token --${name}`);
  return value;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const PAIRS = [
  ...["text", "text-2", "text-3"].flatMap((text) => ["canvas", "surface", "surface-2"].map((ground) => [text, ground])),
  ["text-2", "surface-3"], ["on-accent", "accent"], ["accent-text", "surface"], ["accent-text", "accent-soft"],
  ...["success", "warning", "danger"].flatMap((tone) => [[tone, "surface"], [tone, `${tone}-soft`]]),
  ...["key", "string", "number", "word", "comment"].map((kind) => [`code-${kind}`, "surface-2"]),
];

for (const [name, theme] of [["light", light], ["dark", dark]] as const) {
  test(`${name}: every text stands out from its ground`, () => {
    const weak = PAIRS.map(([text = "", ground = ""]) => [text, ground, contrast(token(text, theme), token(ground, theme))] as const).filter(([, , ratio]) => ratio < 4.5);
    expect(weak).toEqual([]);
  });
}
