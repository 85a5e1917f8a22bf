import { afterEach, describe, expect, test } from "bun:test";
import type { DialectId } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { keyOf } from "../kit/pool.ts";
import { CLIENT_KEY, listen, startGateway, type RunningGateway } from "../kit/running.ts";

/** Bodies as no serialiser would write them: odd spacing, escapes, numbers that no double holds, members that nobody knows. */
const ODD = '"x_future" : {"a":[1 ,2,{ }], "deep":{"model":"not this one"}},\n\t"x_big":12345678901234567890, "x_exp" : 1.50e+02 ,"x_esc":"\\u017c\\u00f3\\u0142\\/\\"quoted\\"","x_raw":"żół 🦆"';

interface Case {
  readonly dialect: DialectId;
  readonly path: (stream: boolean) => string;
  readonly upstreamPath: (stream: boolean) => string;
  readonly request: (model: string, stream: boolean) => string;
  readonly whole: string;
  readonly stream: string;
}

const CASES: readonly Case[] = [
  {
    dialect: "openai-chat",
    path: () => "/v1/chat/completions",
    upstreamPath: () => "/v1/chat/completions",
    request: (model, stream) => `{ "messages":[ {"role":"user","content":"h\\u00e9llo", "x_m":1} ],${ODD},\n "model" : "${model}" , "stream":${stream}, "stream_options":{"include_usage":true} }\n`,
    whole: `{"id":"x", "object":"chat.completion","created":1,"model":"real","choices":[{"index":0,"message":{"role":"assistant","content":"h\\u00e9 \\/ 🦆","x_new":[]},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"x_cost":0.10}, ${ODD}}`,
    stream: `: hello\n\ndata: {"id":"x","object":"chat.completion.chunk", "created":1,"model":"real","choices":[{"index":0,"delta":{"role":"assistant","content":"h\\u00e9"},"finish_reason":null}], ${ODD.replace(/\n/g, "")}}\n\ndata:{"id":"x","choices":[{"index":0,"delta":{"content":" 🦆"},"finish_reason":"stop"}]}\r\n\r\ndata: {"id":"x","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\ndata: [DONE]\n\n`,
  },
  {
    dialect: "openai-responses",
    path: () => "/v1/responses",
    upstreamPath: () => "/v1/responses",
    request: (model, stream) => `{${ODD},"input" : [ {"role":"user","content":[{"type":"input_text","text":"h\\u00e9llo"}]} ], "store":false,"stream" : ${stream},"model":"${model}"}`,
    whole: `{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"real","output":[{"type":"x_future_item","id":"xf_1"},{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"h\\u00e9 🦆","annotations":[]}]}],"usage":{"input_tokens":3,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":5}, ${ODD}}`,
    stream: `event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","model":"real","output":[]}}\n\nevent: response.x_future\ndata: {"type":"response.x_future", "n":12345678901234567890}\n\nevent: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":1,"output_index":0,"content_index":0,"item_id":"msg_1","delta":"h\\u00e9 🦆"}\n\nevent: response.completed\ndata: {"type":"response.completed","sequence_number":2,"response":{"id":"resp_1","status":"completed","model":"real","output":[],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}}\n\n`,
  },
  {
    dialect: "anthropic-messages",
    path: () => "/v1/messages?beta=true",
    upstreamPath: () => "/v1/messages?beta=true",
    request: (model, stream) => `{"model": "${model}","max_tokens" : 100, "stream":${stream} ,${ODD}, "system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"h\\u00e9llo"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"EqQBnative+/=="},{"type":"text","text":"y"}]},{"role":"user","content":"go"}]}`,
    whole: `{"id":"msg_1","type":"message","role":"assistant","model":"real","content":[{"type":"x_future_block"},{"type":"text","text":"h\\u00e9 🦆"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":2,"x_tier":"gold"} , ${ODD}}`,
    stream: `event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"real","content":[],"stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}}\n\nevent: ping\ndata: {"type": "ping"}\n\nevent: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\nevent: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"h\\u00e9 🦆"}}\n\nevent: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\nevent: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`,
  },
  {
    dialect: "gemini-generate-content",
    path: (stream) => `/v1beta/models/{model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    upstreamPath: (stream) => `/v1beta/models/real:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    request: () => `{"contents" : [ {"role":"user","parts":[{"text":"h\\u00e9llo"}]} ],${ODD}, "generation_config":{"max_output_tokens":50}}`,
    whole: `{"candidates":[{"content":{"role":"model","parts":[{"text":"h\\u00e9 🦆","x_part":1}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5},"modelVersion":"real", ${ODD}}`,
    stream: `data: {"candidates":[{"content":{"role":"model","parts":[{"text":"h\\u00e9"}]},"index":0}],"modelVersion":"real","n":12345678901234567890}\r\n\r\ndata: {"candidates":[{"content":{"role":"model","parts":[{"text":" 🦆"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5},"modelVersion":"real"}\r\n\r\n`,
  },
];

interface Seen {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** An upstream that answers with a text, and keeps what it was sent. */
function start(each: Case, model: Record<string, unknown>): { gateway: RunningGateway; seen: Seen[] } {
  const seen: Seen[] = [];
  const upstream = listen(async (request) => {
    const url = new URL(request.url);
    const body = await request.text();
    seen.push({ path: url.pathname + url.search, headers: request.headers, body });
    const streamed = url.pathname.includes("stream") || /"stream"\s*:\s*true/.test(body);
    return new Response(streamed ? each.stream : each.whole, { headers: { "content-type": streamed ? "text/event-stream" : "application/json", "x-ratelimit-remaining-requests": "7", "anthropic-ratelimit-tokens-limit": "9", "set-cookie": "a=b", "x-internal": "secret" } });
  });
  const gateway = startGateway(entriesOf(each.dialect, { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [model] }));
  open.push(gateway, upstream);
  return { gateway, seen };
}

function send(gateway: RunningGateway, each: Case, model: string, stream: boolean, body = each.request(model, stream)): Promise<Response> {
  return fetch(gateway.origin + each.path(stream).replace("{model}", model), {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": CLIENT_KEY, "anthropic-version": "2023-06-01", "anthropic-beta": "some-beta-2026-01-01", "x-private": "mine", cookie: "c=d" },
    body,
  });
}

for (const each of CASES) {
  describe(each.dialect, () => {
    for (const stream of [false, true]) {
      const mode = stream ? "streamed" : "whole";

      test(`${mode}: the upstream gets the client's bytes, the client the upstream's`, async () => {
        const { gateway, seen } = start(each, { name: "real" });
        const response = await send(gateway, each, "real", stream);
        expect(await response.text()).toBe(stream ? each.stream : each.whole);
        expect(seen.map(({ body, path }) => [path, body])).toEqual([[each.upstreamPath(stream), each.request("real", stream)]]);
        expect(gateway.attempts).toMatchObject([{ passthrough: true, outcome: "succeeded", usage: { inputFresh: 3 } }]);
      });

      test(`${mode}: with an alias only the model's name differs, and the reply is the upstream's`, async () => {
        const { gateway, seen } = start(each, { name: "real", alias: "a \"quoted\\name" });
        const alias = "a \"quoted\\name";
        const inPath = encodeURIComponent(alias);
        const body = each.request(JSON.stringify(alias).slice(1, -1), stream);
        const response = await send(gateway, each, inPath, stream, body);
        expect(await response.text()).toBe(stream ? each.stream : each.whole);
        expect(seen.map((request) => [request.path, request.body])).toEqual([[each.upstreamPath(stream), each.request("real", stream)]]);
      });

      test(`${mode}: with force-mapping only the model's name differs in the reply`, async () => {
        const { gateway } = start(each, { name: "real", alias: "mine", "force-mapping": true });
        const text = await (await send(gateway, each, "mine", stream)).text();
        const wanted = (stream ? each.stream : each.whole).replace(/"(model|modelVersion)":"real"/g, '"$1":"mine"');
        if (stream) expect(dataOf(text)).toEqual(dataOf(wanted));
        else expect(text).toBe(wanted);
      });
    }

    test("headers: the client's stay here, the upstream's limits come through, the rest does not", async () => {
      const { gateway, seen } = start(each, { name: "real" });
      const response = await send(gateway, each, "real", false);
      const [request] = seen;
      expect(keyOf(request?.headers ?? new Headers())).toBe("sk-key-of-an-upstream");
      expect(JSON.stringify([...(request?.headers ?? [])])).not.toContain(CLIENT_KEY);
      expect(request?.headers.get("x-private")).toBeNull();
      expect(request?.headers.get("cookie")).toBeNull();
      expect(request?.headers.get("anthropic-beta")).toBe(each.dialect === "anthropic-messages" ? "some-beta-2026-01-01" : null);
      expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("7");
      expect(response.headers.get("anthropic-ratelimit-tokens-limit")).toBe("9");
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(response.headers.get("x-internal")).toBeNull();
    });
  });
}

/** The data of each event as parsed values: a rewritten event may be spaced otherwise between its lines. */
function dataOf(stream: string): readonly string[] {
  return stream.split(/\r?\n/).filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
}
