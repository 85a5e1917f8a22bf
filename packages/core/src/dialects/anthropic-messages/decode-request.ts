import { isJsonObject, type GenerateRequest, type Json, type JsonObject, type Message, type Part } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import { optionalBoolean, readArray, readObject, readString } from "../../wire/read.ts";
import type { WireInput } from "../dialect.ts";
import { decodeContent, type BlockContext } from "./decode-blocks.ts";
import { decodeSettings } from "./decode-settings.ts";
import { applyToolChanges, decodeToolChoice, decodeTools, type ToolChange } from "./decode-tools.ts";
import { present } from "../../wire/present.ts";
import { openRequestSeal } from "./seals.ts";
import { DIALECT_ID, ownWire } from "./wire.ts";

/**
 * Claude Code's metering line, a system block of its own whose value changes with each request. It says nothing to
 * another vendor's model and would defeat its prompt cache; this dialect writes it back from the source (seen 2026-03).
 */
const BILLING_LINE = "x-anthropic-billing-header:";

export function decodeRequest(input: WireInput, context: DecodeContext): GenerateRequest {
  const body = readObject(input.body, "");
  const blocks = requestBlocks(context);
  const turns = readArray(body.messages, "messages");
  if (turns.length === 0) throw invalidRequest("messages", "at least one message is required");
  const changes: ToolChange[] = [];
  const messages = turns.map((turn, index) => decodeMessage(turn, `messages[${index}]`, blocks, changes));
  const system = decodeSystem(body.system, context, blocks);
  const declared = decodeTools(body);
  return present<GenerateRequest>({
    dialect: DIALECT_ID,
    model: readString(body.model, "model"),
    stream: optionalBoolean(body, "stream", "") ?? false,
    framing: "sse",
    includeUsage: true,
    messages: system === undefined ? messages : [system, ...messages],
    tools: applyToolChanges(declared, changes),
    ...decodeToolChoice(body, declared),
    ...decodeSettings(body),
    wire: body,
    headers: protocolHeaders(input.headers),
  });
}

/** The headers that mean something to the vendor itself. */
export function protocolHeaders(headers: WireInput["headers"]): Readonly<Record<string, string>> | undefined {
  const kept = ["anthropic-version", "anthropic-beta"].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function requestBlocks(context: DecodeContext): BlockContext {
  return {
    openSeal: (value, form, path) => {
      const seal = openRequestSeal(value, form, context);
      if (seal === "rejected") {
        context.report({ code: "seal-rejected", path, action: "dropped", detail: "the sealed reasoning was altered, has expired or belongs to another key" });
      }
      return seal;
    },
    // An id that was not legal here went to the client in another form; the upstream knows the first one.
    callId: (wireId) => context.sealer.recall(wireId)?.vendorCallId ?? wireId,
    toolName: (name) => ({ name }),
  };
}

/** The `system` field as a message of its own; the canonical instructions slot. */
export function decodeSystem(system: Json | undefined, context: Pick<DecodeContext, "report">, blocks: BlockContext): Message | undefined {
  if (system === undefined || system === null) return undefined;
  const all = decodeContent(system, "system", blocks);
  const parts = all.filter((part) => !isBillingLine(part));
  for (const part of all) {
    if (isBillingLine(part)) context.report({ code: "vendor-metering", path: part.path ?? "system", action: "dropped", detail: "kept only for Anthropic itself" });
  }
  return { role: "system", origin: "instructions", parts, path: "system" };
}

function isBillingLine(part: Part): boolean {
  return part.kind === "text" && part.text.startsWith(BILLING_LINE);
}

/** @param changes filled with what system messages change in the list of tools */
function decodeMessage(value: Json, path: string, blocks: BlockContext, changes: ToolChange[]): Message {
  const message = readObject(value, path);
  const at = `${path}.content`;
  const common = { wire: ownWire(message), path };
  switch (message.role) {
    case "user":
    case "assistant":
      return { role: message.role, parts: decodeContent(message.content, at, blocks), ...common };
    case "system": {
      const parts = message.content === undefined ? [] : decodeContent(message.content, at, blocks);
      changes.push(...parts.flatMap(toolChange));
      return { role: "system", origin: "system", parts: parts.filter((part) => toolChange(part).length === 0), ...common };
    }
    default:
      throw invalidRequest(`${path}.role`, `unknown role ${JSON.stringify(message.role ?? null)}`);
  }
}

function toolChange(part: Part): readonly ToolChange[] {
  if (part.kind !== "opaque" || (part.type !== "tool_addition" && part.type !== "tool_removal")) return [];
  return isJsonObject(part.value) ? [{ block: part.value as JsonObject, path: part.path ?? "" }] : [];
}
