import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { parseSecretKey } from "./parse-secret-key.ts";

const KEY = Buffer.from(Array.from({ length: 32 }, (_, at) => 255 - at));

test.each([["hex", KEY.toString("hex")], ["HEX", KEY.toString("hex").toUpperCase()], ["base64", KEY.toString("base64")], ["base64url", KEY.toString("base64url")]])("a key in %s is itself", (_, text) => {
  expect(Buffer.from(parseSecretKey(text))).toEqual(KEY);
});

test("a passphrase is hashed, and a short one refused", () => {
  expect(Buffer.from(parseSecretKey("sixteen letters!"))).toEqual(createHash("sha256").update("sixteen letters!").digest());
  expect(() => parseSecretKey("fifteen letters")).toThrow("too short");
});
