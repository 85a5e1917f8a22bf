import { GatewayError, isJsonObject, type GenerateRequest, type Json, type JsonObject } from "@dragoman/core";
import { recalledRequest } from "../responses/recall.ts";
import type { Call } from "./call.ts";
import { generate } from "./generate.ts";

/** For models whose vendor makes no digests. */
const INSTRUCTION = [
  "The conversation above is about to be replaced by a summary. Write that summary now, for an assistant who will go on from it and knows nothing else.",
  "Say what the user wants, with every constraint and preference in the user's own words where they matter; what was done and decided, and why;",
  "what was learned from tools, with exact names, paths, values and errors; what is unfinished, and the very next step.",
  "Leave out what no longer matters. Do not call tools, do not answer the user, write nothing but the summary.",
].join(" ");

/**
 * Puts a digest in the place of a conversation (OpenAI's `POST /responses/compact`). Upstreams that make digests make
 * their own, sealed; of others the model is asked for a summary, which travels sealed by us and is said in plain words to
 * whoever answers next.
 * @throws GatewayError
 */
export async function compact(call: Call): Promise<Response> {
  const { body } = call.input;
  if (isJsonObject(body) && body.stream === true) throw new GatewayError("invalid_request", { source: "client", message: "Streaming not supported for compact responses" });
  const request = recalledRequest(call);
  const reply = await generate({ ...call, compacts: true }, { ...forSummary(request), stream: false });
  const told = (await reply.clone().json()) as Json;
  if (!isJsonObject(told) || told.object !== "response") return reply;
  const headers = new Headers(reply.headers);
  headers.delete("content-length");
  return new Response(JSON.stringify(digestOf(call, told)), { headers });
}

/** Tools stay, since vendors refuse a history of calls without them; none may be called. */
function forSummary(request: GenerateRequest): GenerateRequest {
  const { output: _format, maxOutputTokens: _limit, ...rest } = request;
  return {
    ...rest,
    messages: [...request.messages, { role: "user", parts: [{ kind: "text", text: INSTRUCTION }] }],
    ...(request.tools.length > 0 && { toolChoice: { mode: "none" } }),
    state: { ...request.state, store: false },
  };
}

function digestOf(call: Call, { id, created_at, model, output, usage }: JsonObject): JsonObject {
  const text = (Array.isArray(output) ? (output as readonly Json[]) : []).flatMap(textsOf).join("");
  if (text.trim() === "") throw new GatewayError("upstream_malformed", { source: "upstream", message: "The model wrote no summary." });
  const sealed = call.context.sealer.close({ vendor: "other", form: "encrypted-content", value: text, bindsTo: "self" }, call.dialect.vendor);
  const item: JsonObject = { id: call.context.newId("cmp_"), type: "compaction", encrypted_content: sealed };
  return { id: id ?? call.context.newId("resp_"), object: "response.compaction", created_at: created_at ?? null, ...(model !== undefined && { model }), output: [...ofUser(call.input.body), item], usage: usage ?? null };
}

function textsOf(item: Json): readonly string[] {
  if (!isJsonObject(item) || item.type !== "message" || !Array.isArray(item.content)) return [];
  return (item.content as readonly Json[]).flatMap((part) => (isJsonObject(part) && typeof part.text === "string" ? [part.text] : []));
}

/** What the user said stays as it was said. */
function ofUser(body: Json): readonly Json[] {
  const input = isJsonObject(body) ? body.input : undefined;
  if (typeof input === "string") return [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }];
  return Array.isArray(input) ? (input as readonly Json[]).filter((item) => isJsonObject(item) && item.role === "user") : [];
}
