import type { GenerateRequest, MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { WireRequest } from "../dialect.ts";
import { mergeBetas } from "./betas.ts";
import { limitCacheMarks } from "./cache-marks.ts";
import { encodeConversation, type WireConversation, type WireMessage } from "./encode-messages.ts";
import { planOutput } from "./encode-output.ts";
import { encodeOwnRequest } from "./encode-own-request.ts";
import { encodeMetadata, encodeSampling, encodeService, encodeStops, outputLimit } from "./encode-settings.ts";
import { encodeTools, type WireTools } from "./encode-tools.ts";
import { present } from "../../wire/present.ts";
import { RESULT_TOOL } from "./result-tool.ts";
import { planThinking, type ThinkingPlan } from "./thinking.ts";
import { reportUnsupported } from "./unsupported.ts";
import { API_VERSION, DIALECT_ID, MESSAGES_PATH } from "./wire.ts";

/** A request of this dialect goes out as it came, every other one is written anew. */
export function encodeRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  return request.dialect === DIALECT_ID ? encodeOwnRequest(request, exchange) : encodeForeignRequest(request, exchange);
}

function encodeForeignRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  reportUnsupported(request, exchange);
  const conversation = encodeConversation(request, exchange);
  const tools = encodeTools(request, exchange);
  const thinking = planThinking(request, exchange, {
    maxTokens: outputLimit(request, exchange),
    unsignedToolLoop: isUnsignedToolLoop(conversation.messages),
    forcedTool: isForced(tools.toolChoice),
  });
  const body = writeBody(request, exchange, { conversation, tools, thinking });
  limitCacheMarks(body, exchange);
  return { path: MESSAGES_PATH, headers: foreignHeaders(body), body };
}

interface Pieces {
  readonly conversation: WireConversation;
  readonly tools: WireTools;
  readonly thinking: ThinkingPlan;
}

/** Only known keys: the API answers others with "Extra inputs are not permitted". */
function writeBody(request: GenerateRequest, exchange: Exchange, { conversation, tools, thinking }: Pieces): MutableJsonObject {
  const thinks = isThinking(thinking);
  const output = planOutput(request, exchange, thinks);
  const system = output.instruction === undefined ? conversation.system : [...conversation.system, { type: "text", text: output.instruction }];
  const config = present<MutableJsonObject>({ effort: thinking.effort, format: output.format });
  const declared = output.tool === undefined ? tools.tools : [output.tool];
  return present<MutableJsonObject>({
    model: exchange.upstreamModel,
    max_tokens: thinking.maxTokens,
    system: system.length === 0 ? undefined : system,
    messages: conversation.messages.map(({ role, content }): MutableJsonObject => ({ role, content })),
    tools: declared.length === 0 ? undefined : declared,
    tool_choice: output.tool === undefined ? softenedChoice(tools, thinks, exchange) : { type: "tool", name: RESULT_TOOL },
    thinking: thinking.thinking,
    output_config: Object.keys(config).length === 0 ? undefined : config,
    stop_sequences: encodeStops(request, exchange),
    ...encodeSampling(request, exchange, thinks),
    metadata: encodeMetadata(request, exchange),
    ...encodeService(request, exchange),
    cache_control: wantsAutoCache(request, exchange) ? { type: "ephemeral" } : undefined,
    stream: request.stream ? true : undefined,
  });
}

function isThinking(plan: ThinkingPlan): boolean {
  return plan.thinking !== undefined && plan.thinking.type !== "disabled";
}

function isForced(choice: MutableJsonObject | undefined): boolean {
  return choice?.type === "any" || choice?.type === "tool";
}

/** Where thinking is kept although a tool was to be called, the model may choose. */
function softenedChoice(tools: WireTools, thinks: boolean, exchange: Exchange): MutableJsonObject | undefined {
  const choice = tools.toolChoice;
  if (!thinks || !isForced(choice)) return choice;
  exchange.report({ code: "forced-tool", path: "tool_choice", action: "converted", detail: "a model that thinks cannot be forced to call a tool" });
  return present<MutableJsonObject>({ type: "auto", disable_parallel_tool_use: choice?.disable_parallel_tool_use });
}

function wantsAutoCache(request: GenerateRequest, exchange: Exchange): boolean {
  if (exchange.capabilities.basicAnthropic === true) return false;
  return request.cache?.auto === true || (exchange.policy.autoCache && request.cache?.key !== undefined);
}

/** The conversation ends with results, and the calls they answer come without a thinking block before them. */
function isUnsignedToolLoop(messages: readonly WireMessage[]): boolean {
  const last = messages.at(-1);
  if (last?.role !== "user" || !last.content.some((block) => block.type === "tool_result")) return false;
  const asking = messages.findLast((message) => message.role === "assistant");
  const first = asking?.content[0]?.type;
  return first !== "thinking" && first !== "redacted_thinking";
}

function foreignHeaders(body: MutableJsonObject): Readonly<Record<string, string>> {
  const betas = mergeBetas(body.speed === "fast" ? ["fast-mode-2026-02-01"] : undefined);
  return { "anthropic-version": API_VERSION, ...(betas !== "" && { "anthropic-beta": betas }) };
}
