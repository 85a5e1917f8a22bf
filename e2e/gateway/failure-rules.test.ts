import { afterEach, expect, test } from "bun:test";
import { ask } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { startPool, type Pool } from "../kit/pool.ts";
import { startGateway, type RunningGateway } from "../kit/running.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Two keys; the one asked first refuses with a status, and a rule says what that means. */
function start(status: number, rule: Record<string, unknown>): { gateway: RunningGateway; pool: Pool } {
  const pool = startPool("openai-chat", ({ place }) => (place === 1 ? { trouble: "refuse", status, message: "strange words" } : { text: "fine" }));
  const gateway = startGateway({
    ...entriesOf("openai-chat", { origin: pool.origin, keys: ["sk-first-key-000000001", "sk-second-key-00000002"], models: [{ name: "m" }], extra: { "request-scoped-errors": [rule] } }),
    routing: { "session-affinity": false, strategy: "fill-first" },
  });
  open.push(gateway, pool);
  return { gateway, pool };
}

const twice = async (gateway: RunningGateway): Promise<number[]> => [(await ask(gateway.origin, "openai-chat", { model: "m" })).status, (await ask(gateway.origin, "openai-chat", { model: "m" })).status];

test.each<[string, number, number[], number[]]>([
  // Without a rule a 400 ends the request and says nothing about the key.
  ["continue", 400, [200, 200], [1, 2, 1, 2]],
  ["continue-and-cooldown", 400, [200, 200], [1, 2, 2]],
  ["stop", 500, [500, 500], [1, 1]],
  ["stop-and-cooldown", 500, [500, 200], [1, 2]],
  ["continue", 500, [200, 200], [1, 2, 1, 2]],
])("%s after %d", async (action, status, statuses, places) => {
  const { gateway, pool } = start(status, { status, match: ["strange"], action });
  expect(await twice(gateway)).toEqual(statuses);
  expect(pool.places).toEqual(places);
});

test("a rule for another body changes nothing", async () => {
  const { gateway, pool } = start(400, { status: 400, match: ["other words"], action: "continue" });
  expect(await twice(gateway)).toEqual([400, 400]);
  expect(pool.places).toEqual([1, 1]);
});
