import { describe, expect, test } from "bun:test";
import { refuseForeignPages } from "./page-origin.ts";

const from = (origin: string | undefined, settings: { corsOrigins?: string[] } = {}) => (): void =>
  refuseForeignPages(new Headers(origin === undefined ? {} : { origin }), { corsOrigins: [], ...settings });

describe("pages and a gateway without keys", () => {
  test.each([["https://evil.example"], ["http://rebound.example:8317"], ["null"], ["http://127.0.0.1.evil.example"], ["http://localhost.evil.example:80"]])("%s is refused", (origin) => {
    expect(from(origin)).toThrow("web pages may not use it");
  });

  test.each([[undefined], ["http://localhost:3000"], ["http://127.0.0.1:8317"], ["http://[::1]:5173"]])("%s is not", (origin) => {
    expect(from(origin)).not.toThrow();
  });

  test("those that the configuration names come in", () => {
    expect(from("https://chat.example", { corsOrigins: ["https://chat.example"] })).not.toThrow();
    expect(from("https://chat.example", { corsOrigins: ["*"] })).not.toThrow();
  });
});
