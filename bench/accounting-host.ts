// The same gateway twice, to tell what accounting costs: without it, or with all of it (a stored key under limits and
// budgets, journal and database, metrics, the live view). Prints its port and a key; then, for each line that it is sent,
// the microseconds of processor time that it has used: of all threads, and of the main one.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, parseConfig, type OfficePorts } from "@dragoman/gateway";
import { FileConfigKeeper } from "../packages/server/src/config/config-keeper.ts";
import { LogOutput } from "../packages/server/src/host/log-output.ts";
import { openObservers } from "../packages/server/src/host/observers.ts";
import { officePorts } from "../packages/server/src/host/office-ports.ts";
import { openStore } from "../packages/server/src/host/open-store.ts";
import { bcryptPasswords } from "../packages/server/src/host/passwords.ts";
import { BackgroundWork, serverPorts } from "../packages/server/src/host/ports.ts";
import { serve } from "../packages/server/src/host/serve.ts";

const { UPSTREAM: upstream = "", ACCOUNTING: accounting } = process.env;
const directory = mkdtempSync(join(tmpdir(), "dragoman-bench-"));
process.env.DRAGOMAN_HOME = directory;
process.env.WRITABLE_PATH = directory;

const parsed = parseConfig({
  "api-keys": ["client-key-0"],
  "logging-to-file": true,
  discovery: { environment: false, local: false },
  prices: [{ model: "*", input: 1, output: 4 }],
  "openai-compatibility": [{ name: "bench", "base-url": `${upstream}/v1`, "api-key-entries": [{ "api-key": "sk-upstream" }], models: [{ name: "bench" }] }],
}, {});
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const { config } = parsed;
const log = new LogOutput({ directory: join(directory, "logs"), pretty: false });
log.apply(config);
const { logger } = log;
const background = new BackgroundWork();
const sealKeys = [new Uint8Array(32)];

async function withAccounting(): Promise<{ readonly gateway: ReturnType<typeof createGateway>; readonly key: string }> {
  const opened = await openStore({ config: () => config, environment: {}, directory, logger });
  const { observers } = openObservers(config, { logger, background, environment: {} });
  const keeper = new FileConfigKeeper({ loaded: { config, notes: [], environment: {}, hash: "" }, newPath: join(directory, "config.yaml"), passwords: bcryptPasswords(), putInForce: () => undefined, onCreated: () => undefined });
  const office: OfficePorts = { ...officePorts({ config: keeper, url: () => "", secretKey: opened.secretKey }), environmentKey: "bench" };
  const gateway = createGateway({ config, observers, office, sealKeys, ports: serverPorts(logger, background, opened) });
  // Never reached, and of a size that somebody could have in earnest: numbers beyond 32 bits cost more to write.
  const tokens = 2_000_000_000;
  const limits = { requestsPerMinute: 10_000_000, tokensPerMinute: tokens, concurrentRequests: 1_000_000, budgets: [{ window: "5h" as const, tokens }, { window: "day" as const, usd: 100_000 }, { window: "month" as const, tokens, usd: 100_000 }] };
  const made = await gateway.fetch(new Request("http://office/v0/management/users", { method: "POST", headers: OFFICE, body: JSON.stringify({ username: "bench", limits }) }), { address: "127.0.0.1" });
  const { id } = await made.json() as { id: number };
  const reply = await gateway.fetch(new Request("http://office/v0/management/keys", { method: "POST", headers: OFFICE, body: JSON.stringify({ userId: id, limits }) }), { address: "127.0.0.1" });
  const { key } = await reply.json() as { key: string };
  return { gateway, key };
}

const OFFICE = { authorization: "Bearer bench", "content-type": "application/json" };
const { gateway, key } = accounting === "on"
  ? await withAccounting()
  : { gateway: createGateway({ config, sealKeys, ports: serverPorts(logger, background) }), key: "client-key-0" };
const server = serve({ gateway, site: () => undefined, hostname: "127.0.0.1", port: 0, maxBodyBytes: config.limits["max-body-bytes"] });
console.log(`${server.port} ${key}`);

for await (const _asked of console) {
  const { user, system } = process.cpuUsage();
  console.log(`${user + system} ${mainThreadMicros()}`);
}

/** What Linux has counted for the thread that has the number of the process; its first figure is in nanoseconds. */
function mainThreadMicros(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1000;
}
