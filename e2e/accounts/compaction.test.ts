import { afterEach, describe, expect, test } from "bun:test";
import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { listen, type Listening } from "../kit/running.ts";
import { startCodexVendor, type CodexVendor } from "./kit/codex-vendor.ts";

const INPUT = [
  { type: "message", role: "user", content: [{ type: "input_text", text: "Build a bridge." }] },
  { type: "message", role: "assistant", content: [{ type: "output_text", text: "Of wood?" }] },
  { type: "message", role: "user", content: [{ type: "input_text", text: "Of stone." }] },
];
const DIGEST = { id: "resp_1", object: "response.compaction", created_at: 1_795_000_000, output: [{ id: "cmp_1", type: "compaction", encrypted_content: "gAAAAdigest" }], usage: { input_tokens: 30, output_tokens: 10, total_tokens: 40 } };

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface Compacting {
  readonly codex: CodexVendor;
  readonly claude: Simulator;
  /** Requests for digests, as they came: the account's, then those with a key. */
  readonly asked: { readonly path: string; readonly headers: Headers; readonly body: Record<string, unknown> }[];
}

async function start(): Promise<Compacting> {
  const asked: Compacting["asked"] = [];
  const digest = async (request: Request): Promise<Response | undefined> => {
    const path = new URL(request.url).pathname;
    if (!path.endsWith("/responses/compact")) return undefined;
    const body = (await request.json()) as Record<string, unknown>;
    asked.push({ path, headers: request.headers, body });
    const unknown = ["stream", "store", "include"].find((name) => name in body);
    return unknown === undefined && request.headers.get("accept") === "application/json" ? Response.json(DIGEST) : Response.json({ error: { message: `Unknown parameter: '${unknown ?? "accept"}'.`, type: "invalid_request_error" } }, { status: 400 });
  };
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "anthropic-messages");
  if (simulated === undefined) throw new Error("no simulated provider");
  const claude = createSimulator(simulated.dialect, simulated.vendor, () => ({ text: "The user wants a bridge of stone." }));
  const claudePlace = listen((request) => claude.fetch(request));
  const codex = await startCodexVendor({ config: { "claude-api-key": [{ "api-key": "key-of-tests", "base-url": claudePlace.origin, models: [{ name: "claude-sonnet-4-6" }] }] } });
  codex.reply = digest as CodexVendor["reply"];
  open.push(codex.world, codex.issuer, codex.api, claudePlace);
  return { codex, claude, asked };
}

const compact = ({ codex }: Compacting, body: Record<string, unknown>): Promise<Response> => codex.world.ask("/v1/responses/compact", body);

describe("a digest of a conversation", () => {
  test("is made by a vendor that makes them, and passes as it came", async () => {
    const world = await start();
    const reply = await compact(world, { model: "gpt-5.5", input: INPUT, instructions: "Be brief.", stream: false, reasoning: { effort: "low" } });
    expect(await reply.json()).toEqual(DIGEST);
    expect(world.asked[0]).toMatchObject({ path: "/responses/compact", body: { model: "gpt-5.5", input: INPUT, instructions: "Be brief.", reasoning: { effort: "low" } } });
    expect(world.codex.world.attempts[0]).toMatchObject({ provider: "codex", outcome: "succeeded", usage: { inputFresh: 30, outputVisible: 10 } });
  });

  test("is never streamed", async () => {
    const reply = await compact(await start(), { model: "gpt-5.5", input: INPUT, stream: true });
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { error: unknown }).error).toMatchObject({ message: "Streaming not supported for compact responses", type: "invalid_request_error" });
  });

  test("a vendor's refusal is told", async () => {
    const world = await start();
    world.codex.reply = () => Response.json({ error: { message: "Too long.", type: "invalid_request_error", code: "context_length_exceeded" } }, { status: 400 });
    expect((await compact(world, { model: "gpt-5.5", input: INPUT })).status).toBe(400);
  });

  test("is a summary where the vendor makes none, and told in words to whoever answers next", async () => {
    const world = await start();
    const reply = (await (await compact(world, { model: "claude-sonnet-4-6", input: INPUT })).json()) as { object: string; output: Record<string, unknown>[]; usage: unknown };
    expect(reply).toMatchObject({ object: "response.compaction", output: [INPUT[0], INPUT[2], { type: "compaction" }] });
    expect(reply.output[2]?.encrypted_content).toStartWith("gwr1.");
    expect(reply.usage).toMatchObject({ input_tokens: 10 });
    expect(JSON.stringify(world.claude.seen[0]?.body)).toContain("Of wood?");

    const next = { input: [...reply.output.slice(2), { role: "user", content: "Go on." }] };
    expect((await world.codex.world.ask("/v1/responses", { model: "claude-sonnet-4-6", ...next })).status).toBe(200);
    expect(JSON.stringify(world.claude.seen[1]?.body)).toContain("The user wants a bridge of stone.");
    world.codex.reply = undefined;
    expect((await world.codex.world.ask("/v1/responses", { model: "gpt-5.5", stream: true, ...next })).status).toBe(200);
    expect(JSON.stringify(world.codex.upstream.seen[0]?.body)).toContain("The user wants a bridge of stone.");
  });

  test("of a history with tools keeps the tools, and forbids their use", async () => {
    const world = await start();
    const called = [...INPUT, { type: "function_call", call_id: "call_1", name: "measure", arguments: "{}" }, { type: "function_call_output", call_id: "call_1", output: "12 m" }];
    expect((await compact(world, { model: "claude-sonnet-4-6", input: called, tools: [{ type: "function", name: "measure", parameters: { type: "object", properties: {} } }] })).status).toBe(200);
    expect(world.claude.seen[0]?.body).toMatchObject({ tools: [{ name: "measure" }], tool_choice: { type: "none" } });
  });
});
