import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SIMULATED } from "@dragoman/gateway/testing";
import { expectErrorEnd } from "../kit/broken-streams.ts";
import { ask, DIALECTS, readEvents } from "../kit/calls.ts";
import { entriesOf, joined } from "../kit/entries.ts";
import { listen, startGateway, type Listening, type RunningGateway } from "../kit/running.ts";

/** What an upstream does after a long silence at the start of its stream. */
type Ending = "error" | "close" | "silence";

let gateway: RunningGateway;
let upstreams: readonly Listening[];
let ending: Ending = "error";

beforeAll(() => {
  const encoder = new TextEncoder();
  const started = SIMULATED.map(({ dialect }) => ({
    id: dialect.id,
    ...listen(() => new Response(new ReadableStream({
      async start(controller) {
        controller.enqueue(encoder.encode(": thinking about it\n\n"));
        await Bun.sleep(250);
        if (ending === "error") controller.enqueue(encoder.encode(dialect.errorEvent("No capacity after all.")));
        if (ending !== "silence") controller.close();
      },
    }), { headers: { "content-type": "text/event-stream" } })),
  }));
  upstreams = started;
  gateway = startGateway({
    ...joined(...started.map(({ id, origin }) => entriesOf(id, { origin, keys: ["sk-key-of-an-upstream"], models: [{ name: `late-${id}` }] }))),
    "disable-cooling": true,
    timeouts: { "hold-ms": 60, "idle-ms": 400 },
  });
});
afterAll(async () => {
  await gateway.close();
  for (const upstream of upstreams) await upstream.close();
});

describe("a failure after the headers had to go out is told in the stream, though nothing was said yet", () => {
  for (const client of DIALECTS) {
    for (const upstream of DIALECTS) {
      for (const [each, message] of [["error", "No capacity after all."], ["close", ""], ["silence", "silent"]] as const) {
        test(`${client} ← ${upstream}: ${each}`, async () => {
          ending = each;
          const response = await ask(gateway.origin, client, { model: `late-${upstream}`, stream: true });
          expect(response.status).toBe(200);
          const { events } = readEvents(await response.text());
          expect(expectErrorEnd(client, events)).toContain(message);
          expect(gateway.attempts.at(-1)?.outcome).toBe("failed");
        });
      }
    }
  }
});
