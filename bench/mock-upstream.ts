// A provider that answers at once, so that what is measured is the gateway. Prints its port.
export {};
const TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(12);
const CHUNKS = Number(process.env.CHUNKS ?? 200);
/** Events that are written at once. */
const TOGETHER = Number(process.env.TOGETHER ?? 1);

const chatBody = JSON.stringify({
  id: "chatcmpl-bench", object: "chat.completion", created: 1_795_000_000, model: "bench",
  choices: [{ index: 0, message: { role: "assistant", content: TEXT, refusal: null }, finish_reason: "stop", logprobs: null }],
  usage: { prompt_tokens: 120, completion_tokens: 100, total_tokens: 220, prompt_tokens_details: { cached_tokens: 0 }, completion_tokens_details: { reasoning_tokens: 0 } },
});

function chunk(delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1_795_000_000, model: "bench", choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }] })}\n\n`;
}
const usage = `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1_795_000_000, model: "bench", choices: [], usage: { prompt_tokens: 120, completion_tokens: CHUNKS, total_tokens: 120 + CHUNKS } })}\n\n`;
const encoder = new TextEncoder();
const events = [chunk({ role: "assistant", content: "" }), ...Array.from({ length: CHUNKS }, (_, at) => chunk({ content: `word${at} ` })), chunk({}, "stop"), usage, "data: [DONE]\n\n"].map((event) => encoder.encode(event));
const writes = Array.from({ length: Math.ceil(events.length / TOGETHER) }, (_, at) => Buffer.concat(events.slice(at * TOGETHER, (at + 1) * TOGETHER)));

/** Each event is a write of its own, as a provider's is, or so many together: one turn of the event loop lies between two of them. */
function fastStream(): ReadableStream {
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (next > 0) await new Promise((resolve) => setImmediate(resolve));
      const event = writes[next++];
      if (event === undefined) controller.close();
      else controller.enqueue(event);
    },
  });
}

/** One event at once, then one every few seconds, for as long as asked. */
function slowStream(seconds: number): ReadableStream {
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (next > 0) await Bun.sleep(2000);
      if (next * 2 >= seconds) {
        for (const event of events.slice(-3)) controller.enqueue(event);
        controller.close();
        return;
      }
      const event = events[next++];
      if (event !== undefined) controller.enqueue(event);
    },
  });
}

const server = Bun.serve({
  port: Number(process.env.PORT ?? 0),
  hostname: "127.0.0.1",
  idleTimeout: 0,
  async fetch(request) {
    if (request.method !== "POST") return new Response("ok");
    const body = (await request.json()) as { stream?: boolean; user?: string; metadata?: { user_id?: string } };
    const slow = /^slow-(\d+)$/.exec(body.user ?? body.metadata?.user_id ?? "");
    if (body.stream !== true) return new Response(chatBody, { headers: { "content-type": "application/json" } });
    return new Response(slow === null ? fastStream() : slowStream(Number(slow[1])), { headers: { "content-type": "text/event-stream" } });
  },
});
console.log(server.port);
