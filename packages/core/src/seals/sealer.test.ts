import { expect, test } from "bun:test";
import type { Seal } from "../canonical/index.ts";
import type { CallMemory } from "../exchange.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { createSealer, type SealerOptions } from "./sealer.ts";

const key = (text: string) => new TextEncoder().encode(text);
const VENDORS: SealerOptions["vendors"] = [
  { vendor: "openai", recognisesSeal: (value) => value.startsWith("gAAAA") },
  { vendor: "anthropic", recognisesSeal: (value) => value.startsWith("Eq") },
  { vendor: "google", recognisesSeal: (value) => value.startsWith("E") },
];

function sealer(options: Partial<SealerOptions> = {}) {
  return createSealer({ keys: [key("new key")], tenant: "tenant-1", vendors: VENDORS, memory: new Map<string, CallMemory>(), ...options });
}

const OPENAI: Seal = { vendor: "openai", form: "encrypted-content", value: "gAAAAABn8f+/=", model: "gpt-5.4", itemId: "rs_1", summaryLengths: [12, 30], bindsTo: "self" };
const GOOGLE: Seal = { vendor: "google", form: "thought-signature", value: "EtYBAb4+9v", bindsTo: "next", bindKind: "tool-call" };
const REDACTED: Seal = { vendor: "anthropic", form: "redacted", value: "EmwKAhgB", model: "claude-opus-4-8", bindsTo: "self" };
const UNSEALED: Seal = { vendor: "other", form: "plain-text-hash", value: "e3b0c442", bindsTo: "previous", bindKind: "any" };

test("#121 a foreign seal travels in an envelope and comes back whole", () => {
  for (const seal of [OPENAI, GOOGLE, UNSEALED, { ...REDACTED, value: "Grüße 😀 \ud800" }]) {
    const envelope = sealer().close(seal, seal.vendor === "anthropic" ? "openai" : "anthropic");
    expect(envelope).toMatch(/^gwr1\.[a-z]+\.(self|next|previous)\.(text|tool-call|any|-)\.[\w-]+\.[\w-]{22}$/);
    expect(sealer().isEnvelope(envelope)).toBe(true);
    expect(sealer().open(envelope, "anthropic", "signature")).toEqual(seal);
  }
});

test("#120 redacted thinking keeps its form through a foreign client", () => {
  expect(sealer().open(sealer().close(REDACTED, "openai"), "openai", "encrypted-content")).toEqual(REDACTED);
});

test("#122 #125 #126 an opened envelope tells its own vendor, not the client's", () => {
  expect(sealer().open(sealer().close(OPENAI, "anthropic"), "anthropic", "signature")?.vendor).toBe("openai");
  expect(sealer().open(sealer().close(REDACTED, "google"), "google", "thought-signature")?.vendor).toBe("anthropic");
  expect(sealer().open(sealer().close(GOOGLE, "anthropic"), "anthropic", "signature")?.vendor).toBe("google");
});

test("#123 an envelope with a changed character anywhere does not open", () => {
  const envelope = sealer().close(OPENAI, "anthropic");
  for (let index = "gwr1.".length; index < envelope.length; index += 1) {
    const other = envelope[index] === "A" ? "B" : "A";
    const altered = envelope.slice(0, index) + other + envelope.slice(index + 1);
    expect(sealer().isEnvelope(altered)).toBe(true);
    expect(sealer().open(altered, "anthropic", "signature")).toBeUndefined();
  }
});

test("#123 an envelope that is cut, lengthened or empty does not open", () => {
  const envelope = sealer().close(OPENAI, "anthropic");
  for (let length = "gwr1.".length; length < envelope.length; length += 1) expect(sealer().open(envelope.slice(0, length), "anthropic", "signature")).toBeUndefined();
  for (const bad of [`${envelope}A`, `${envelope}.`, "gwr1.", "gwr1......", "gwr1.openai.self.-.e30."]) expect(sealer().open(bad, "anthropic", "signature")).toBeUndefined();
});

test("#123 nobody opens the envelope of another tenant or another deployment", () => {
  const envelope = sealer().close(OPENAI, "anthropic");
  expect(sealer({ tenant: "tenant-2" }).open(envelope, "anthropic", "signature")).toBeUndefined();
  expect(sealer({ keys: [key("stranger's key")] }).open(envelope, "anthropic", "signature")).toBeUndefined();
});

test("after a rotation old envelopes still open and new ones are signed with the new key", () => {
  const old = sealer({ keys: [key("old key")] });
  const rotated = sealer({ keys: [key("new key"), key("old key")] });
  expect(rotated.open(old.close(OPENAI, "anthropic"), "anthropic", "signature")).toEqual(OPENAI);
  expect(old.open(rotated.close(OPENAI, "anthropic"), "anthropic", "signature")).toBeUndefined();
  expect(sealer().open(rotated.close(OPENAI, "anthropic"), "anthropic", "signature")).toEqual(OPENAI);
});

test("#124 a vendor's own client gets and returns the bare value, byte for byte", () => {
  expect(sealer().close(OPENAI, "openai")).toBe(OPENAI.value);
  expect(sealer().open(OPENAI.value, "openai", "encrypted-content")).toEqual({ vendor: "openai", form: "encrypted-content", value: OPENAI.value, bindsTo: "self" });
});

test("a bare value belongs to the client's vendor, then to whoever recognises it, then to the client's vendor again", () => {
  const vendorOf = (value: string, clientVendor: string) => sealer().open(value, clientVendor, "signature")?.vendor;
  expect(vendorOf("Eqab", "google")).toBe("google");
  expect(vendorOf("Eqab", "anthropic")).toBe("anthropic");
  expect(vendorOf("gAAAAxyz", "anthropic")).toBe("openai");
  expect(vendorOf("c2lnbmF0dXJl", "anthropic")).toBe("anthropic");
});

test("an empty value is no seal", () => {
  expect(sealer().open("", "anthropic", "signature")).toBeUndefined();
});

test("another gateway's envelope inside a vendor's field comes back unharmed", () => {
  const upstreams = sealer({ keys: [key("the gateway above")] }).close(OPENAI, "anthropic");
  const nested: Seal = { vendor: "anthropic", form: "signature", value: upstreams, bindsTo: "self" };
  expect(sealer().open(sealer().close(nested, "anthropic"), "anthropic", "signature")).toEqual(nested);
});

test("calls are remembered per tenant", () => {
  const memory = new Map<string, CallMemory>();
  const memories = { seals: [GOOGLE], reasoningText: "Because.", name: "read" };
  sealer({ memory }).remember("call_1", memories);
  expect(sealer({ memory }).recall("call_1")).toEqual(memories);
  expect(sealer({ memory }).recall("call_2")).toBeUndefined();
  expect(sealer({ memory, tenant: "tenant-2" }).recall("call_1")).toBeUndefined();
});

test("the same seal always closes to the same bytes", () => {
  expect(sealer().close(OPENAI, "anthropic")).toBe(sealer().close({ ...OPENAI }, "anthropic"));
});

test("a sealer without a key is refused", () => {
  expect(() => sealer({ keys: [] })).toThrow("at least one key");
});

test("base64url agrees with the platform's own for every length", () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = new Uint8Array(length).map((_, index) => (index * 77 + length * 13) & 0xff);
    const text = Buffer.from(bytes).toString("base64url");
    expect(toBase64Url(bytes)).toBe(text);
    expect(fromBase64Url(text)).toEqual(bytes);
  }
  expect(fromBase64Url("a+b")).toBeUndefined();
});
