import { expect, test } from "bun:test";
import { createSecretBox } from "./secret-box.ts";

const KEY = new Uint8Array(32).fill(7);
const box = createSecretBox(KEY);

test("opens what was sealed, also with a box made anew, and never seals alike twice", async () => {
  const sealed = await box.seal("openai", "sk-ünïcode");
  expect(await createSecretBox(KEY).open("openai", sealed)).toBe("sk-ünïcode");
  expect(await box.open("empty", await box.seal("empty", ""))).toBe("");
  expect(await box.seal("openai", "sk-ünïcode")).not.toEqual(sealed);
  expect(new TextDecoder().decode(sealed)).not.toContain("sk-");
});

test("opens nothing under another name, with another key, altered, or of another version", async () => {
  const sealed = await box.seal("openai", "sk-secret");
  await expect(box.open("other", sealed)).rejects.toThrow("does not open");
  await expect(createSecretBox(new Uint8Array(32)).open("openai", sealed)).rejects.toThrow("does not open");
  for (let at = 1; at < sealed.length; at++) {
    const altered = sealed.slice();
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(box.open("openai", altered)).rejects.toThrow("does not open");
  }
  await expect(box.open("openai", Uint8Array.of(9, ...sealed.slice(1)))).rejects.toThrow("does not know");
  await expect(box.open("openai", sealed.slice(0, 5))).rejects.toThrow();
  await expect(box.open("openai", new Uint8Array())).rejects.toThrow();
});
