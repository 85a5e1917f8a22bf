import { afterEach, describe, expect, test } from "bun:test";
import { createSimulator, SIMULATED, type Act, type Question, type Simulator } from "@dragoman/gateway/testing";
import { ask, at, DIALECTS, list, wholeText } from "../kit/calls.ts";
import { CLIENTS } from "../kit/clients/index.ts";
import { entriesOf, joined } from "../kit/entries.ts";
import { CLIENT_KEY, listen, startGateway, type Listening, type RunningGateway } from "../kit/running.ts";
import { MODELS } from "../kit/world.ts";

const WEATHER = { name: "get_weather", description: "Weather of a city.", schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } };

/** Thinks and calls a tool, then answers. */
function model({ results }: Question): Act {
  return results.length === 0
    ? { reasoning: "I had better look.", calls: [{ name: "get_weather", arguments: { city: "Łódź" } }] }
    : { text: `It is ${results.map(({ text }) => text).join()}.` };
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A provider that can forget every seal that it made, as one does whose keys were changed. */
function startForgetful(dialect: string): { gateway: RunningGateway; upstream: Listening; current: () => Simulator; forget(): void; break(): void } {
  const kind = SIMULATED.find((each) => each.dialect.id === dialect);
  if (kind === undefined) throw new Error(`no simulator of ${dialect}`);
  const make = (): Simulator => createSimulator(kind.dialect, kind.vendor, model);
  let simulator = make();
  const upstream = listen((request) => simulator.fetch(request));
  const gateway = startGateway(entriesOf(dialect, { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: MODELS[dialect] }] }));
  open.push(gateway, upstream);
  return {
    gateway,
    upstream,
    current: () => simulator,
    forget: () => (simulator = make()),
    break: () => (simulator.script = () => ({ trouble: "refuse", status: 503, message: "down" })),
  };
}

describe("#134 an upstream that cannot open the seals of the history is asked once more without them", () => {
  for (const upstream of ["anthropic-messages", "openai-responses", "gemini-generate-content"]) {
    for (const client of CLIENTS) {
      test(`${client.name} → ${upstream}`, async () => {
        const { gateway, current, forget } = startForgetful(upstream);
        const session = client.open(gateway.origin, CLIENT_KEY, { model: MODELS[upstream] ?? "", tools: [WEATHER], think: true });
        session.user("Weather?");
        const first = await session.ask({ stream: true });
        for (const call of first.calls) session.toolResult(call.id, call.name, "sunny");
        forget();
        const second = await session.ask({ stream: true });
        expect(second.text).toBe("It is sunny.");
        const { seen } = current();
        expect(seen).toHaveLength(2);
        expect(seen[0]?.violations.map(({ message }) => message).join()).toMatch(/signature|encrypted content/i);
        expect(seen[1]?.violations).toEqual([]);
      });
    }
  }

  test("if that does not help either, the client hears of it, after two attempts", async () => {
    const complaint = "messages.1.content.0: Invalid `signature` in `thinking` block";
    let count = 0;
    const upstream = listen(() => {
      count++;
      return Response.json({ type: "error", error: { type: "invalid_request_error", message: complaint } }, { status: 400 });
    });
    const gateway = startGateway(entriesOf("anthropic-messages", { origin: upstream.origin, keys: ["sk-one-key-of-it", "sk-other-key-of-it"], models: [{ name: "claude-x" }] }));
    open.push(gateway, upstream);
    for (const client of DIALECTS) {
      count = 0;
      const response = await ask(gateway.origin, client, { model: "claude-x" });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("Invalid `signature`");
      expect(count).toBe(2);
    }
  });
});

describe("#122 a conversation that moves to the vendor of the client's own dialect, amid a tool loop", () => {
  for (const client of CLIENTS) {
    for (const [from, to] of Object.entries(MODELS).flatMap(([from]) => [[from, client.dialect]] as const).filter(([from, to]) => from !== to)) {
      test(`${client.name}: ${from} → ${to}`, async () => {
        const first = startForgetful(from);
        const second = startForgetful(to);
        const gateway = startGateway(joined(
          entriesOf(from, { origin: first.upstream.origin, keys: ["sk-key-of-one-upstream"], models: [{ name: MODELS[from], alias: "model" }], extra: { priority: 5 } }),
          entriesOf(to, { origin: second.upstream.origin, keys: ["sk-key-of-other-upstream"], models: [{ name: MODELS[to], alias: "model" }] }),
        ));
        open.push(gateway);
        const moved = client.open(gateway.origin, CLIENT_KEY, { model: "model", tools: [WEATHER], think: true });
        moved.user("Weather?");
        const asked = await moved.ask({ stream: true });
        expect(asked.reasoning).toBe("I had better look.");
        for (const call of asked.calls) moved.toolResult(call.id, call.name, "sunny");
        first.break();
        expect((await moved.ask({ stream: true })).text).toBe("It is sunny.");
        expect(second.current().seen.at(-1)?.violations).toEqual([]);
      });
    }
  }
});

describe("#123 #124 envelopes and native seals on the way to the vendor's own dialect", () => {
  const thinking = { type: "thinking", thinking: "I had better look.", signature: "" };
  const history = (signature: string): Record<string, unknown> => ({
    messages: [
      { role: "user", content: "hello" },
      { role: "assistant", content: [{ ...thinking, signature }, { type: "text", text: "Yes?" }] },
      { role: "user", content: "go on" },
    ],
  });

  test("#124 a native signature passes as it is, #123 an envelope of another gateway's making does not reach Anthropic", async () => {
    const bodies: unknown[] = [];
    const upstream = listen(async (request) => {
      bodies.push(await request.json());
      return Response.json({ id: "msg_1", type: "message", role: "assistant", model: "claude-x", content: [{ type: "text", text: "Gone on." }], stop_reason: "end_turn", stop_sequence: null, usage: { input_tokens: 3, output_tokens: 2 } });
    });
    const gateway = startGateway(entriesOf("anthropic-messages", { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: "claude-x" }] }));
    open.push(gateway, upstream);
    const native = "EqQBCkYIBxgCKkDnativeSignatureOfAnthropic+/==";
    const first = await ask(gateway.origin, "anthropic-messages", { model: "claude-x", body: history(native) });
    expect(wholeText("anthropic-messages", await first.json())).toBe("Gone on.");
    expect(at(list(at(bodies[0], "messages"))[1], "content", 0, "signature")).toBe(native);

    // A real envelope: made by this gateway for the seal of another vendor, then brought to Anthropic.
    const { gateway: other } = startForgetful("openai-responses");
    const foreign = await ask(other.origin, "anthropic-messages", {
      model: MODELS["openai-responses"] ?? "",
      body: { max_tokens: 9000, thinking: { type: "enabled", budget_tokens: 2048 }, tools: [{ name: WEATHER.name, description: WEATHER.description, input_schema: WEATHER.schema }] },
    });
    const envelope = String(at(list(at(await foreign.json(), "content")).find((block) => at(block, "type") === "thinking"), "signature"));
    expect(envelope).not.toBe("undefined");
    expect(envelope).not.toContain("gAAAA");
    const second = await ask(gateway.origin, "anthropic-messages", { model: "claude-x", body: history(envelope) });
    expect(second.status).toBe(200);
    expect(JSON.stringify(bodies[1])).not.toContain(envelope);
    expect(list(at(bodies[1], "messages", 1, "content")).map((block) => at(block, "type"))).toEqual(["text"]);
  });
});
