// Who comes from another gateway brings its file or its `.env`, and starts.
import { networkInterfaces } from "node:os";
import { afterEach, expect, test } from "bun:test";
import { makeHome, startServer, type Home, type RunningProgram } from "../kit/program.ts";
import { EXAMPLE } from "./droid2api-world.ts";

const open: { readonly home: Home; readonly server: RunningProgram }[] = [];
afterEach(async () => {
  for (const { home, server } of open.splice(0)) {
    await server.stop();
    home.remove();
  }
});

async function start(files: Readonly<Record<string, string>>, args: readonly string[]): Promise<RunningProgram> {
  const home = makeHome();
  for (const [name, content] of Object.entries(files)) home.write(name, content);
  const server = await startServer(home, ["serve", "--json", ...args]);
  open.push({ home, server });
  return server;
}

async function modelIds(origin: string, headers: Record<string, string> = {}): Promise<string[]> {
  const reply = await fetch(`${origin}/v1/models`, { headers });
  const { data } = (await reply.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id).sort();
}

test("droid2api's `config.json` starts as it is, without any key, at both addresses of this machine", async () => {
  const server = await start({ "config.json": JSON.stringify(EXAMPLE, undefined, 2) }, ["--config", "config.json"]);
  const ids = EXAMPLE.models.map(({ id }) => id).sort();
  expect(await modelIds(server.origin)).toEqual(ids);
  const { port } = new URL(server.origin);
  expect(await modelIds(`http://localhost:${port}`)).toEqual(ids);
  const hasIpv6 = Object.values(networkInterfaces()).flat().some((each) => each?.address === "::1");
  if (hasIpv6) expect(await modelIds(`http://[::1]:${port}`)).toEqual(ids);
  expect(server.stderr()).toMatch(/config\.json:\d+: models: is read as your consent .* its terms may forbid/);
  const missing = await fetch(`${server.origin}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ model: ids[0], messages: [{ role: "user", content: "Hello" }] }) });
  expect([missing.status, await missing.json()]).toEqual([401, { error: expect.objectContaining({ message: expect.stringContaining("send your own") }) }]);
});

test("the Factory proxy's `.env` starts as it is, and its keys open the door", async () => {
  const server = await start({ ".env": "FACTORY_API_KEYS=fk-your-api-key-1;fk-your-api-key-2\nPROXY_ACCESS_KEYS=your-proxy-key-1,your-proxy-key-2\nPROXY_KEY_HEADER=X-Proxy-Key\n" }, []);
  expect((await fetch(`${server.origin}/v1/models`)).status).toBe(401);
  expect(await modelIds(server.origin, { "x-proxy-key": "your-proxy-key-2" })).toEqual(expect.arrayContaining(["claude-sonnet-4-5-20250929", "gpt-5.2"]));
  expect(await modelIds(server.origin, { authorization: "Bearer your-proxy-key-1" })).not.toEqual([]);
  expect(server.stderr()).toMatch(/FACTORY_API_KEYS: is read as your consent/);
  expect(server.stderr() + server.stdout()).not.toMatch(/fk-your|your-proxy-key/);
});
