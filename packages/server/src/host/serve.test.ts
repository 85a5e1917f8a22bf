import { networkInterfaces } from "node:os";
import { afterEach, expect, test } from "bun:test";
import type { Gateway } from "@dragoman/gateway";
import { serve, type RunningServer } from "./serve.ts";

const open: RunningServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop(0);
});

const FAMILIES = Object.values(networkInterfaces()).flat().some((each) => each?.address === "::1") ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"];

/** A server whose every answer is the address of who asks. */
function start(hostname: string, port = 0): RunningServer {
  const gateway = { fetch: async (_request: Request, visitor?: { address?: string }) => new Response(visitor?.address ?? "nobody") } as unknown as Gateway;
  const server = serve({ gateway, site: () => undefined, hostname, port, maxBodyBytes: 1000 });
  open.push(server);
  return server;
}

test.each(["127.0.0.1", "localhost", "0.0.0.0", ""])("whoever listens at %p is found at both addresses of this machine", async (hostname) => {
  const { port } = start(hostname);
  for (const address of FAMILIES) expect(await (await fetch(`http://${address}:${port}/`)).text()).toBe(address.replace(/^\[|\]$/g, ""));
});

test.each(["127.0.0.1", "localhost", ""])("a port that is taken at %p is an error with its code", (hostname) => {
  const { port } = start(hostname);
  expect(() => start(hostname, port)).toThrow(expect.objectContaining({ code: "EADDRINUSE" }));
});

test("both doors are shut at the end", async () => {
  const server = start("127.0.0.1");
  await server.stop(0);
  for (const address of FAMILIES) expect(await fetch(`http://${address}:${server.port}/`).catch(() => "gone")).toBe("gone");
});
