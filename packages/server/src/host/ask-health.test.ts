import { afterAll, expect, test } from "bun:test";
import { askHealth, ownAddress } from "./ask-health.ts";

const tls = { enable: false, cert: "", key: "" };

test("an address that means all of them is asked on this machine", () => {
  expect(ownAddress({ host: "0.0.0.0", port: 3000, tls })).toBe("http://127.0.0.1:3000");
  expect(ownAddress({ host: "", port: 3000, tls })).toBe("http://127.0.0.1:3000");
  expect(ownAddress({ host: "::", port: 3000, tls })).toBe("http://[::1]:3000");
  expect(ownAddress({ host: "fd00::7", port: 8317, tls: { ...tls, enable: true } })).toBe("https://[fd00::7]:8317");
  expect(ownAddress({ host: "gateway.example.com", port: 80, tls })).toBe("http://gateway.example.com:80");
});

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: ({ url }) => (url.endsWith("/health/live") ? Response.json({ status: "ok" }) : Response.json({ status: "unavailable" }, { status: 503 })),
});
const address = `http://127.0.0.1:${server.port}`;
afterAll(() => server.stop(true));

test("who answers is well", async () => {
  expect(await askHealth(address, "live")).toEqual({ well: true, text: `${address} answers 200, ok` });
});

test("who says that it cannot serve is not", async () => {
  expect(await askHealth(address, "ready")).toEqual({ well: false, text: `${address} answers 503, unavailable` });
});

test("nor who does not answer", async () => {
  expect(await askHealth("http://127.0.0.1:1", "live")).toMatchObject({ well: false, text: expect.stringContaining("http://127.0.0.1:1 does not answer") });
});
