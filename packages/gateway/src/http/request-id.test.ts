import { expect, test } from "bun:test";
import { newRequestId, shortRequestId } from "./request-id.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

test("twelve letters and digits, then eight hex digits that are a name of their own", () => {
  for (let start = 0; start < ALPHABET.length; start++) {
    const id = newRequestId({ random: (length) => (ALPHABET + ALPHABET).slice(start, start + length) });
    expect(id).toMatch(/^req_[A-Za-z0-9]{12}[0-9a-f]{8}$/);
    expect(shortRequestId(id)).toMatch(/^[0-9a-f]{8}$/);
  }
});
