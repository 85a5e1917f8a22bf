import type { JsonObject, MutableJsonObject, OutputFormat } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";

/**
 * Models without structured outputs: one tool takes the answer as its arguments and must be called. Its call is told
 * to the client as the text it stands for.
 */
export const RESULT_TOOL = "emit_result";

export function isResultCall(name: string, exchange: Exchange): boolean {
  return name === RESULT_TOOL && canUseResultTool(exchange);
}

/** With tools of the caller's own beside it, a forced call would keep the model from them. */
export function canUseResultTool({ capabilities, request }: Exchange): boolean {
  if (capabilities.jsonViaTool !== true || hasStructuredOutputs(capabilities)) return false;
  const calls = request.messages.some((message) => message.parts.some((part) => part.kind === "tool-call"));
  return request.output?.format?.type === "json-schema" && request.tools.length === 0 && !calls;
}

export function hasStructuredOutputs(capabilities: Exchange["capabilities"]): boolean {
  return capabilities.structuredOutputs ?? capabilities.basicAnthropic !== true;
}

export function resultTool(format: Extract<OutputFormat, { type: "json-schema" }>, schema: JsonObject): MutableJsonObject {
  return { name: RESULT_TOOL, description: format.description ?? "Gives the final answer. Call it exactly once.", input_schema: schema };
}
