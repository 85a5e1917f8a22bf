import { isJsonObject, type Candidate, type GenerateResponse, type Json, type JsonObject, type MutableJsonObject, type Part, type Usage } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { createCallIds } from "../../naming/index.ts";
import { CallMemoryWriter } from "./call-memory.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeReplyCall, encodeReplyPart } from "./reply-parts.ts";
import { carrierBefore, carrierBehind, encodeReplyReasoning } from "./reply-seals.ts";
import { encodeUsage } from "./usage.ts";
import { DIALECT_ID, NAME_RULES, wireOf } from "./wire.ts";

/** @throws GatewayError when the answer is none (the vendor broke off, or wrote a call that nobody can read) */
export function encodeResponse(response: GenerateResponse, exchange: Exchange): JsonObject {
  const [candidate] = response.candidates;
  const parts = candidate?.parts ?? [];
  const failure = candidate === undefined ? undefined : failureOf(candidate);
  if (failure !== undefined) throw failure;
  if (response.candidates.length > 1) exchange.report({ code: "candidates", path: "content", action: "dropped", detail: "only the first answer has a form here" });
  const finish = encodeFinish(finishOf(response), exchange.client, refusalOf(parts));
  return {
    id: replyId(response.id, exchange),
    type: "message",
    role: "assistant",
    model: exchange.replyModel,
    content: encodeContent(parts, exchange),
    ...finish,
    usage: replyUsage(response.usage, exchange),
    container: null,
    ...response.residue?.[DIALECT_ID],
  };
}

/** Ids of this dialect begin with `msg_`; its own upstreams' ids stay as they are. */
export function replyId(id: string, exchange: Exchange): string {
  return id !== "" && (id.startsWith("msg_") || exchange.upstreamDialect === DIALECT_ID) ? id : exchange.newId("msg_");
}

function finishOf(response: GenerateResponse): Candidate["finish"] {
  const block = response.promptBlock;
  if (block !== undefined) return { reason: "content-filter", explanation: block.message ?? block.reason };
  return response.candidates[0]?.finish ?? { reason: "other" };
}

/** A finish that is no end: told as an error unless there is text to show. */
export function failureOf({ finish, parts }: Pick<Candidate, "finish" | "parts">): GatewayError | undefined {
  const detail = finish.explanation ?? finish.native;
  if (finish.reason === "cancelled") return new GatewayError("stream_interrupted", { source: "upstream" });
  if (finish.reason !== "malformed-tool-call" || parts.some((part) => part.kind === "text" && part.text !== "")) return undefined;
  return new GatewayError("upstream_malformed", { source: "upstream", message: `The model wrote a tool call that cannot be read${detail === undefined ? "." : ` (${detail}).`}` });
}

function refusalOf(parts: readonly Part[]): string | undefined {
  const refusals = parts.flatMap((part) => (part.kind === "refusal" ? [part.text] : []));
  return refusals.length === 0 ? undefined : refusals.join("\n");
}

/** The vendor's own object goes back as it is when the client speaks the vendor's dialect. SDKs need the object, whatever is known. */
export function replyUsage(usage: Usage | undefined, exchange: Exchange): JsonObject {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 };
  if (exchange.upstreamDialect === DIALECT_ID && isJsonObject(usage.native)) return usage.native;
  return { input_tokens: 0, output_tokens: 0, ...encodeUsage(usage) };
}

function encodeContent(parts: readonly Part[], exchange: Exchange): readonly Json[] {
  const ids = createCallIds(NAME_RULES);
  const memory = new CallMemoryWriter(exchange);
  const blocks: MutableJsonObject[] = [];
  parts.forEach((part, index) => {
    if (part.kind === "reasoning") {
      blocks.push(wireOf(part) ?? encodeReplyReasoning(part, exchange));
      memory.push(part);
      return;
    }
    const signed = part.kind === "text" || part.kind === "tool-call" ? part : undefined;
    const before = signed && carrierBefore(signed, exchange);
    if (before !== undefined) pushCarrier(blocks, before, isUnsealed(parts[index - 1]));
    if (part.kind === "tool-call") {
      const wireId = part.callId === "" ? exchange.newId("toolu_") : ids.toWire(part.callId);
      blocks.push(encodeReplyCall(part, wireId));
      memory.push(part, wireId);
    } else {
      const block = encodeReplyPart(part, exchange);
      if (block !== undefined && (block.type !== "text" || block.text !== "" || block === part.wire?.value)) blocks.push(block);
    }
    const behind = signed && carrierBehind(signed, exchange, false);
    if (behind !== undefined) pushCarrier(blocks, behind, false);
  });
  return blocks;
}

/** The envelope goes onto the unsealed thoughts just before, if there are some; else into a block of its own. */
function pushCarrier(blocks: MutableJsonObject[], signature: string, joins: boolean): void {
  const last = blocks.at(-1);
  if (joins && last?.type === "thinking") last.signature = signature;
  else blocks.push({ type: "thinking", thinking: "", signature });
}

function isUnsealed(part: Part | undefined): boolean {
  return part?.kind === "reasoning" && part.seal === undefined;
}
