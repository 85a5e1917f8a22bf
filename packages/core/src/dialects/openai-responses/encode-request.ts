import { isJsonObject, type GenerateRequest, type JsonObject, type MutableJsonObject } from "../../canonical/index.ts";
import { arrangeConversation, type ArrangedConversation, type ConversationRules, type SystemBlock } from "../../conversation/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { WireRequest } from "../dialect.ts";
import { DIALECT } from "./dialect-id.ts";
import { encodeOwnRequest } from "./encode-own-request.ts";
import { ItemWriter, type ItemRules } from "./encode-items.ts";
import { encodeSettings } from "./encode-settings.ts";
import { encodeToolFields } from "./encode-tools.ts";
import { withoutRefusedFields } from "./refused-fields.ts";

const RULES: ConversationRules = {
  midSystem: "inplace",
  dropBlankText: false,
  userFirst: false,
  assistantLast: "allow",
  callsLast: false,
  systemOnly: "as-user",
  mediaInSystem: true,
};

/** The API takes no more in one request; the last ones reach the furthest. */
const MAX_BREAKPOINTS = 4;

/** As one text where that says everything; else as a message, in which each block can bear its mark. */
function instructionFields(system: readonly SystemBlock[], rules: ItemRules): { readonly instructions?: string; readonly items: readonly JsonObject[] } {
  const blocks = system.filter((block) => block.text !== "");
  if (blocks.length === 0) return { items: [] };
  const marked = rules.breakpoints && blocks.some((block) => block.cache !== undefined);
  const origins = new Set(blocks.map((block) => block.origin));
  if (!marked && origins.size <= 1) {
    for (const block of blocks) if (block.cache !== undefined) rules.exchange.report({ code: "cache-mark", path: block.path ?? "", action: "dropped" });
    return { instructions: blocks.map((block) => block.text).join("\n\n"), items: [] };
  }
  const writer = new ItemWriter(rules);
  writer.write({ role: "system", parts: blocks });
  return { items: writer.items };
}

function withFewBreakpoints(items: readonly JsonObject[], exchange: Exchange): readonly JsonObject[] {
  let left = items.reduce((count, item) => count + contents(item).filter(isMarked).length, 0) - MAX_BREAKPOINTS;
  if (left <= 0) return items;
  exchange.report({ code: "cache-mark", path: "input", action: "dropped", detail: `${left} above the limit of ${MAX_BREAKPOINTS}` });
  return items.map((item) => {
    if (left <= 0 || !contents(item).some(isMarked)) return item;
    const key = item.content === undefined ? "output" : "content";
    return {
      ...item,
      [key]: contents(item).map((part) => {
        if (left <= 0 || !isMarked(part)) return part;
        left--;
        const { prompt_cache_breakpoint: _mark, ...rest } = part;
        return rest;
      }),
    };
  });
}

function contents(item: JsonObject): readonly JsonObject[] {
  const list = item.content ?? item.output;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function isMarked(part: JsonObject): boolean {
  return part.prompt_cache_breakpoint !== undefined;
}

function conversationFields(conversation: ArrangedConversation, exchange: Exchange): MutableJsonObject {
  const rules: ItemRules = { exchange, breakpoints: exchange.capabilities.promptCacheBreakpoints === true, native: false };
  const { instructions, items } = instructionFields(conversation.system, rules);
  const writer = new ItemWriter(rules);
  for (const turn of conversation.turns) writer.write(turn);
  const input = withFewBreakpoints([...items, ...writer.items], exchange);
  if (input.length === 0) throw invalidRequest("", "the conversation holds nothing that the Responses API can take");
  return { ...(instructions !== undefined && { instructions }), input };
}

function encodeForeignRequest(request: GenerateRequest, exchange: Exchange): MutableJsonObject {
  return {
    model: exchange.upstreamModel,
    ...conversationFields(arrangeConversation(request, exchange, RULES), exchange),
    ...encodeToolFields(exchange),
    ...encodeSettings(exchange),
  };
}

export function encodeRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  const body = request.dialect === DIALECT ? encodeOwnRequest(request, exchange) : encodeForeignRequest(request, exchange);
  return { path: "/responses", headers: request.dialect === DIALECT ? (request.headers ?? {}) : {}, body: withoutRefusedFields(body, exchange) };
}
