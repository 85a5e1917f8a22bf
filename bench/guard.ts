// What the guard costs for a request: who is it, and may he. Prints nanoseconds of processor time, for ten thousand stored keys.
import { DIALECTS, hmacSha256 } from "@dragoman/core";
import { createGateway, parseConfig, type AttemptRecord, type Limits } from "@dragoman/gateway";
import { systemClock, systemIds } from "../packages/server/src/host/ports.ts";
import { openSqliteStore } from "../packages/server/src/store/sqlite.ts";

const KEYS = 10_000;
const ROUNDS = 200_000;
const KINDS: Readonly<Record<string, Limits>> = {
  "no limits": {},
  "requests a minute": { requestsPerMinute: 1e9 },
  "requests and tokens a minute, concurrency": { requestsPerMinute: 1e9, tokensPerMinute: 1e12, concurrentRequests: 1000 },
  "and budgets of three windows": { requestsPerMinute: 1e9, tokensPerMinute: 1e12, concurrentRequests: 1000, budgets: [{ window: "5h", tokens: 1e12 }, { window: "day", tokens: 1e12 }, { window: "month", usd: 1e6 }] },
};

const secretKey = new Uint8Array(32).fill(7);
const hash = (key: string): string => Array.from(hmacSha256(secretKey, new TextEncoder().encode(key)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const store = openSqliteStore(":memory:");
await store.migrate();
for (let index = 0; index < KEYS; index++) await store.keys.create({ prefix: "sk-filler", hash: hash(`filler-${index}`) }, 0);
for (const [name, limits] of Object.entries(KINDS)) await store.keys.create({ prefix: "sk-bench", hash: hash(`sk-${name.replaceAll(" ", "-")}`), limits }, 0);

const parsed = parseConfig({ "api-keys": ["configured"], discovery: { environment: false, local: false } }, {});
if (!parsed.ok) throw new Error("the configuration is none");
const { engine } = createGateway({
  config: parsed.config,
  sealKeys: [secretKey],
  ports: { fetch: () => Promise.reject(new Error("nobody is asked")), clock: systemClock, ids: systemIds, logger: { log: () => undefined }, background: { run: () => undefined }, usage: { record: () => undefined }, store, secretKey },
});
const dialect = DIALECTS.find(({ id }) => id === "openai-chat");
const settings = { assumedOutputTokens: 4096, refuseUnpriced: false, totalTimeoutMs: 0, prices: { priceOf: () => undefined } };
const request = { model: "m", maxOutputTokens: 1000 };
const record = { usage: { inputFresh: 100, outputVisible: 50 }, startedAt: Date.now() } as AttemptRecord;

async function measure(name: string, key: string): Promise<void> {
  const presented = { headers: new Headers({ authorization: `Bearer ${key}` }), query: { get: () => null }, dialect: "openai-chat" };
  const round = (principal: Awaited<ReturnType<typeof engine.guard.identify>>): unknown => engine.guard.admit({ principal, dialect, engine, settings, bodyText: "x".repeat(400), requestId: "req", startedAt: 0 } as never, request);
  const warm = await round(await engine.guard.identify(presented, {}));
  (warm as { release?: () => void } | undefined)?.release?.();
  let promises = 0;
  const startedAt = process.cpuUsage();
  for (let left = ROUNDS; left > 0; left--) {
    const found = engine.guard.identify(presented, {});
    const principal = found instanceof Promise ? (promises++, await found) : found;
    const asked = round(principal);
    const pass = (asked instanceof Promise ? (promises++, await asked) : asked) as Awaited<ReturnType<typeof engine.guard.admit>>;
    pass?.spend(record);
    pass?.release();
  }
  const { user, system } = process.cpuUsage(startedAt);
  console.log(`${((user + system) * 1000 / ROUNDS).toFixed(0).padStart(6)} ns, ${promises} promises: ${name}`);
}

for (let run = 0; run < 2; run++) {
  await measure("key of the configuration", "configured");
  for (const name of Object.keys(KINDS)) await measure(name, `sk-${name.replaceAll(" ", "-")}`);
}
