import { createHash, createHmac } from "node:crypto";
import { expect, test } from "bun:test";
import { hmacSha256, sha256, sha256Hex } from "./sha256.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const utf8 = (text: string) => new TextEncoder().encode(text);

// FIPS 180-4 examples (csrc.nist.gov, Secure Hash Standard examples).
const DIGESTS: [string, string][] = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"],
  ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
];

test("SHA-256 gives the NIST digests", () => {
  for (const [text, digest] of DIGESTS) expect(sha256Hex(text)).toBe(digest);
});

// RFC 4231, test cases 1-4, 6, 7.
const MACS: [Uint8Array, Uint8Array, string][] = [
  [fromHex("0b".repeat(20)), utf8("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
  [utf8("Jefe"), utf8("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
  [fromHex("aa".repeat(20)), fromHex("dd".repeat(50)), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
  [fromHex("0102030405060708090a0b0c0d0e0f10111213141516171819"), fromHex("cd".repeat(50)), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"],
  [fromHex("aa".repeat(131)), utf8("Test Using Larger Than Block-Size Key - Hash Key First"), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"],
  [fromHex("aa".repeat(131)), utf8("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"],
];

test("HMAC-SHA-256 gives the RFC 4231 tags", () => {
  for (const [key, data, tag] of MACS) expect(hex(hmacSha256(key, data))).toBe(tag);
});

test("every length around the block boundaries agrees with the platform's own", () => {
  for (let length = 0; length < 200; length += 1) {
    const data = new Uint8Array(length).map((_, index) => (index * 31 + length) & 0xff);
    expect(hex(sha256(data))).toBe(createHash("sha256").update(data).digest("hex"));
    expect(hex(hmacSha256(data, data))).toBe(createHmac("sha256", data).update(data).digest("hex"));
  }
});

test("text is hashed as UTF-8", () => {
  expect(sha256Hex("Grüße 😀")).toBe(createHash("sha256").update("Grüße 😀", "utf8").digest("hex"));
});
