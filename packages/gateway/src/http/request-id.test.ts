import { expect, test } from "bun:test";
import { newRequestId, shortRequestId } from "./request-id.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

test("twelve letters and digits, then eight hex digits that are a name of their own", () => {
  for (let start = 0; start < ALPHABET.length; start++) {
    const id = newRequestId({ random: (length) => (ALPHABET + ALPHABET).slice(start, start + length) }, 1_795_000_000_000);
    expect(id).toMatch(/^req_[A-Za-z0-9]{12}[0-9a-f]{8}$/);
    expect(shortRequestId(id)).toMatch(/^[0-9a-f]{8}$/);
  }
});

test("names in their order are names by time", () => {
  const ids = { random: (length: number) => "z".repeat(length) };
  const [early = "", late = ""] = [newRequestId(ids, 1_795_000_000_000), newRequestId({ random: (length) => "0".repeat(length) }, 1_795_000_000_001)];
  expect(early < late).toBe(true);
  expect(newRequestId(ids, 1).length).toBe(early.length);
});
