// Towards an upstream of the caller's own dialect: what came goes out again, apart from what would be refused.
import { isJsonObject, type GenerateRequest, type Json, type JsonObject, type Message, type MutableJsonObject, type Tool } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { effortFor } from "../../reasoning/index.ts";
import { ITEMS_WITH_TOOLS } from "./decode-tools.ts";
import { fromOwnWire } from "./dialect-id.ts";
import { ItemWriter } from "./encode-items.ts";
import { encodeNativeTool } from "./encode-tools.ts";

/** An item on its way out, with the message it came from. */
interface Outgoing {
  readonly item: JsonObject;
  readonly message: Message;
}

function itemsOf(message: Message, exchange: Exchange): readonly Outgoing[] {
  const source = fromOwnWire(message.wire);
  const first = message.parts[0];
  const isForeignDigest = first?.kind === "compaction" && first.vendor !== exchange.upstreamVendor;
  if (isJsonObject(source) && !isForeignDigest) return [{ item: source, message }];
  const writer = new ItemWriter({ exchange, breakpoints: true, native: true });
  writer.write({ role: message.role, parts: message.parts, ...(message.phase !== undefined && { phase: message.phase }) });
  const [only, ...others] = writer.items;
  if (message.origin === "system" && only !== undefined && others.length === 0) return [{ item: { ...only, role: "system" }, message }];
  return writer.items.map((item) => ({ item, message }));
}

/** Items that the caller contributes; what ends in `_output` does too. */
const CALLER_ITEMS = new Set([...ITEMS_WITH_TOOLS, "item_reference", "compaction", "compaction_trigger", "mcp_approval_response"]);

function isAssistantSide({ item }: Outgoing): boolean {
  if (item.type === undefined || item.type === "message") return item.role === "assistant";
  return typeof item.type === "string" && !item.type.endsWith("_output") && !CALLER_ITEMS.has(item.type);
}

/** Why a reasoning item cannot go to the upstream, or `undefined`. */
function faultOf({ item, message }: Outgoing, stored: boolean, exchange: Exchange): string | undefined {
  const part = message.parts[0];
  const seal = part?.kind === "reasoning" ? part.seal : undefined;
  if (seal !== undefined && seal.vendor !== exchange.upstreamVendor) return `sealed by ${seal.vendor}`;
  const value = item.encrypted_content;
  if (typeof value === "string" && value !== "") return seal === undefined && exchange.sealer.isEnvelope(value) ? "its seal cannot be opened" : undefined;
  return stored ? undefined : "neither stored nor sealed";
}

/**
 * Reasoning that the upstream would refuse is left out, and with it the ids of what it led to: by them the API would
 * look for it (both seen in the field). So is reasoning that led to nothing, when nothing is stored.
 */
function repairReasoning(items: readonly Outgoing[], stored: boolean, exchange: Exchange): readonly JsonObject[] {
  const repaired: JsonObject[] = [];
  let stripping = false;
  items.forEach((outgoing, index) => {
    const { item, message } = outgoing;
    if (!isAssistantSide(outgoing)) stripping = false;
    if (item.type === "reasoning") {
      const next = items.slice(index + 1).find((later) => later.item.type !== "reasoning");
      const fault = faultOf(outgoing, stored, exchange) ?? (!stored && (next === undefined || !isAssistantSide(next)) ? "nothing follows it" : undefined);
      if (fault !== undefined) {
        exchange.report({ code: "loose-reasoning", path: message.path ?? "input", action: "dropped", detail: fault });
        stripping = true;
        return;
      }
      repaired.push(unsealed(outgoing));
      return;
    }
    repaired.push(stripping && item.id !== undefined && item.type !== "item_reference" ? stripId(outgoing, exchange) : item);
  });
  return repaired;
}

/** Our envelope around the upstream's own seal comes off; a bare one is left as it is. */
function unsealed({ item, message }: Outgoing): JsonObject {
  const part = message.parts[0];
  const value = part?.kind === "reasoning" ? part.seal?.value : undefined;
  return value === undefined || value === item.encrypted_content ? item : { ...item, encrypted_content: value };
}

function stripId({ item, message }: Outgoing, exchange: Exchange): JsonObject {
  const { id: _id, ...rest } = item;
  exchange.report({ code: "item-id", path: `${message.path ?? "input"}.id`, action: "dropped", detail: "the reasoning before it is gone" });
  return rest;
}

function isStored(request: GenerateRequest): boolean {
  return request.state?.store !== false;
}

/** A single string stays one. */
function encodeInput(messages: readonly Message[], stored: boolean, exchange: Exchange): Json {
  const [only] = messages;
  const source = messages.length === 1 ? fromOwnWire(only?.wire) : undefined;
  if (typeof source === "string") return source;
  return repairReasoning(messages.flatMap((message) => itemsOf(message, exchange)), stored, exchange);
}

function encodeOwnTools(tools: readonly Tool[]): readonly Json[] {
  const written = new Set<Json>();
  return tools.flatMap((tool): readonly Json[] => {
    const source = fromOwnWire(tool.wire);
    if (!isJsonObject(source)) return [encodeNativeTool(tool)];
    if (written.has(source) || (typeof source.type === "string" && ITEMS_WITH_TOOLS.has(source.type))) return [];
    written.add(source);
    return [source];
  });
}

/** Only a level that did not come from the body replaces what the body says. */
function encodeOverride(request: GenerateRequest, exchange: Exchange): Json | undefined {
  const { reasoning, wire } = request;
  const asSent = wire?.reasoning;
  if (reasoning === undefined || reasoning.from === "body") return reasoning === undefined && isJsonObject(asSent) ? undefined : asSent;
  const effort = effortFor(reasoning, { capability: exchange.capabilities.reasoning, policy: exchange.policy, sameDialect: true, report: exchange.report });
  const { effort: _asked, ...kept }: JsonObject = isJsonObject(asSent) ? asSent : {};
  if (effort === undefined) return Object.keys(kept).length === 0 ? undefined : kept;
  return { ...kept, effort };
}

/** The member by which a body that passes through asks for the reasoning of the request, whatever it said before. */
export function reasoningMembers(body: JsonObject, exchange: Exchange): { readonly [member: string]: Json | undefined } {
  return { reasoning: encodeOverride({ ...exchange.request, wire: body }, exchange) };
}

function set(body: MutableJsonObject, key: string, value: Json | undefined): void {
  if (value === undefined) delete body[key];
  else body[key] = value;
}

export function encodeOwnRequest(request: GenerateRequest, exchange: Exchange): MutableJsonObject {
  const body: MutableJsonObject = { ...request.wire, ...(request.wire === undefined && request.residue), model: exchange.upstreamModel };
  const leading = request.messages.filter((message) => message.origin === "instructions");
  const rest = request.messages.filter((message) => message.origin !== "instructions");
  if (leading.length > 0) body.instructions = leading.flatMap((message) => message.parts.map((part) => (part.kind === "text" ? part.text : ""))).join("\n\n");
  if (rest.length > 0 || body.input !== undefined) body.input = rest.length === 0 ? (request.wire?.input ?? "") : encodeInput(rest, isStored(request), exchange);
  const tools = encodeOwnTools(request.tools);
  if (tools.length > 0 || body.tools !== undefined) body.tools = tools.length === 0 && !Array.isArray(body.tools) ? body.tools : tools;
  set(body, "reasoning", encodeOverride(request, exchange));
  if (request.stream !== (body.stream ?? false)) body.stream = request.stream;
  if (request.state?.previousResponseId === undefined && body.previous_response_id !== null) delete body.previous_response_id;
  if (request.state?.conversationId === undefined && body.conversation !== null) delete body.conversation;
  if (request.state?.store !== undefined) body.store = request.state.store;
  if (request.maxOutputTokens !== undefined) body.max_output_tokens = request.maxOutputTokens;
  return body;
}
