import type { Candidate, GenerateResponse, Json, JsonObject, MutableJsonObject, Part, TextPart, ToolCallPart } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { CallMemoryWriter } from "./call-memory.ts";
import { encodeAnnotation } from "./citations.ts";
import { encodeFinish } from "./finish-reason.ts";
import { CHAT } from "./identity.ts";
import { createdAt, imageNode, replyHabits, reportCitation, reportUntold, sealMembers, tokenLogprobs, type ReplyHabits } from "./reply.ts";
import { wrapInput } from "./tool-shapes.ts";
import { encodeUsage } from "./usage.ts";

/** Writes a whole answer. Every key that the SDK's types require is there, also when it is null. */
export function encodeResponse(response: GenerateResponse, exchange: Exchange): JsonObject {
  const habits = replyHabits(exchange);
  return {
    ...response.residue?.[CHAT],
    id: response.id || exchange.newId("chatcmpl-"),
    object: "chat.completion",
    created: createdAt(response.createdAt, exchange),
    model: exchange.replyModel,
    ...(response.serviceTier !== undefined && { service_tier: response.serviceTier }),
    choices: encodeChoices(response, habits, exchange),
    ...(response.usage !== undefined && { usage: encodeUsage(response.usage, exchange) }),
  };
}

/** A prompt that was refused has no candidate; the client still gets a choice that says so. */
function encodeChoices(response: GenerateResponse, habits: ReplyHabits, exchange: Exchange): JsonObject[] {
  if (response.candidates.length > 0) return response.candidates.map((candidate) => encodeChoice(candidate, habits, exchange));
  const finish = response.promptBlock === undefined ? "stop" : "content_filter";
  return [{ index: 0, message: { role: "assistant", content: null, refusal: null }, logprobs: null, finish_reason: finish }];
}

function encodeChoice({ index, parts, finish }: Candidate, habits: ReplyHabits, exchange: Exchange): JsonObject {
  const texts = parts.filter((part) => part.kind === "text");
  if (finish.reason === "malformed-tool-call" && texts.length === 0) throw new GatewayError("upstream_malformed", { source: "upstream", message: "The model made a tool call that could not be read." });
  const memory = new CallMemoryWriter(exchange);
  for (const part of parts) memory.push(part);
  const message = encodeMessage(parts, { index, habits, exchange });
  const logprobs = texts.flatMap((part) => tokenLogprobs(part.logprobs) ?? []);
  return {
    index,
    message,
    logprobs: logprobs.length === 0 ? null : { content: logprobs, refusal: null },
    finish_reason: encodeFinish(finish, { refusal: message.refusal !== null, legacyCall: habits.legacyCalls }),
  };
}

interface MessageContext {
  readonly index: number;
  readonly habits: ReplyHabits;
  readonly exchange: Exchange;
}

function encodeMessage(parts: readonly Part[], context: MessageContext): MutableJsonObject {
  const { index, habits, exchange } = context;
  const texts = parts.filter((part) => part.kind === "text");
  const refusals = parts.filter((part) => part.kind === "refusal");
  const reasoning = habits.showsReasoning ? parts.map((part) => (part.kind === "reasoning" ? part.text : "")).filter((text) => text !== "") : [];
  const calls = parts.filter((part) => part.kind === "tool-call");
  const message: MutableJsonObject = {
    role: "assistant",
    content: texts.length === 0 ? null : texts.map(({ text }) => text).join(""),
    refusal: refusals.length === 0 ? null : refusals.map(({ text }) => text).join(""),
  };
  if (reasoning.length > 0) message.reasoning_content = reasoning.join("\n\n");
  const annotations = encodeAnnotations(texts, context);
  if (annotations.length > 0) message.annotations = annotations;
  for (const part of parts) encodeMedia(part, message, context);
  if (calls.length > 0) Object.assign(message, encodeCalls(calls, context));
  for (const part of parts) if (UNTOLD.has(part.kind)) reportUntold(part, index, exchange);
  return message;
}

const UNTOLD: ReadonlySet<Part["kind"]> = new Set(["server-tool-call", "server-tool-result", "compaction", "opaque", "video", "file", "tool-result"]);

/** Texts are joined, so the offsets of later ones shift. */
function encodeAnnotations(texts: readonly TextPart[], { index, exchange }: MessageContext): JsonObject[] {
  const annotations: JsonObject[] = [];
  let from = 0;
  for (const { text, citations = [] } of texts) {
    for (const citation of citations) {
      const annotation = encodeAnnotation(citation, from, text.length);
      if (annotation === undefined) reportCitation(index, citation.type, exchange);
      else annotations.push(annotation);
    }
    from += text.length;
  }
  return annotations;
}

function encodeMedia(part: Part, message: MutableJsonObject, { index, exchange }: MessageContext): void {
  if (part.kind === "image") {
    const images = (message.images ?? []) as readonly Json[];
    const node = imageNode(part, images.length);
    if (node === undefined) reportUntold(part, index, exchange);
    else message.images = [...images, node];
  } else if (part.kind === "audio") {
    message.audio = {
      id: part.id ?? exchange.newId("audio_"),
      data: part.source?.type === "base64" ? part.source.data : "",
      transcript: part.transcript ?? "",
      expires_at: part.expiresAt ?? Math.floor(exchange.now / 1000),
    };
  }
}

function encodeCalls(calls: readonly ToolCallPart[], { index, habits, exchange }: MessageContext): JsonObject {
  const [first, ...rest] = calls;
  if (!habits.legacyCalls || first === undefined) return { tool_calls: calls.map((call) => encodeCall(call, habits, exchange)) };
  for (const call of rest) exchange.report({ code: "parallel-call", path: `choices[${index}].message.function_call`, action: "dropped", detail: `${call.name}: the client's spelling has room for one call` });
  return { function_call: { name: first.name, arguments: argumentsOf(first) } };
}

function encodeCall(call: ToolCallPart, habits: ReplyHabits, exchange: Exchange): JsonObject {
  const seal = sealMembers(call.seal, exchange);
  if (call.variant === "custom" && habits.customAs === "custom") return { id: call.callId, type: "custom", custom: { name: call.name, input: call.argumentsText }, ...seal };
  return { id: call.callId, type: "function", function: { name: call.name, arguments: argumentsOf(call) }, ...seal };
}

function argumentsOf(call: ToolCallPart): string {
  if (call.variant === "custom") return wrapInput(call.argumentsText);
  return call.argumentsText === "" ? "{}" : call.argumentsText;
}
