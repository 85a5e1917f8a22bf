import { describe, expect, test } from "bun:test";
import { createCredentialIds, credentialLabel } from "./credential-id.ts";

describe("credential ids", () => {
  test("are the kind and twelve hex digits, the same at every start", () => {
    const id = createCredentialIds()("claude:apikey", "sk-1", "https://api.example.com");
    expect(id).toMatch(/^claude:apikey:[0-9a-f]{12}$/);
    expect(createCredentialIds()("claude:apikey", " sk-1 ", "https://api.example.com")).toBe(id);
  });
  test("are SHA-256 over kind and parts with NUL between", async () => {
    const bytes = new TextEncoder().encode("gemini:apikey\0k\0b");
    const hash = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    expect(createCredentialIds()("gemini:apikey", "k", "b")).toBe(`gemini:apikey:${hash.slice(0, 12)}`);
  });
  test("parts cannot run into each other, and equal ones get a number", () => {
    const ids = createCredentialIds();
    expect(ids("k", "ab", "c")).not.toBe(ids("k", "a", "bc"));
    const first = ids("k", "x");
    expect([ids("k", "x"), ids("k", "x")]).toEqual([`${first}-1`, `${first}-2`]);
  });
});

describe("labels", () => {
  test("show the last four characters at most", () => {
    expect(credentialLabel("claude", "sk-ant-0123456789abcd")).toBe("claude …abcd");
    for (let length = 0; length < 40; length++) {
      const key = "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN".slice(0, length);
      const shown = credentialLabel("n", key).replace(/^n ?…?/, "");
      expect(shown.length).toBeLessThanOrEqual(4);
      if (length > 0 && length < 12) expect(shown).toBe("");
    }
  });
  test("no key, no dots", () => expect(credentialLabel("ollama", undefined)).toBe("ollama"));
});
