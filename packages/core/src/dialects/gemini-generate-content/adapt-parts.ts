import type { Part } from "../../canonical/index.ts";
import type { ConversationRules } from "../../conversation/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { VENDOR } from "./wire.ts";

/** What the API demands of a conversation. */
export function conversationRules(exchange: Exchange): ConversationRules {
  return {
    midSystem: "reminder",
    dropBlankText: true,
    userFirst: true,
    assistantLast: "continue",
    callsLast: false,
    systemOnly: "as-user",
    mediaInSystem: false,
    adapt: (part) => adaptPart(part, exchange),
  };
}

/** Parts of other dialects that this one has no word for. */
function adaptPart(part: Part, exchange: Exchange): readonly Part[] | undefined {
  if (part.cache !== undefined) exchange.report({ code: "cache-mark", path: part.path ?? "", action: "dropped", detail: "caching is implicit here" });
  switch (part.kind) {
    case "reasoning":
      return adaptReasoning(part, exchange);
    case "refusal":
      return [{ kind: "text", text: part.text, ...(part.path !== undefined && { path: part.path }) }];
    case "audio":
      return part.source === undefined && part.transcript !== undefined ? spokenAsText(part, part.transcript, exchange) : undefined;
    case "compaction":
      return adaptCompaction(part);
    case "opaque":
      if (part.fallbackText !== undefined && part.fallbackText !== "") return [{ kind: "text", text: part.fallbackText }];
      return drop(part, part.type, exchange);
    case "server-tool-call":
    case "server-tool-result":
      return drop(part, part.family, exchange);
    default:
      return undefined;
  }
}

/** Only what Google itself sealed is of any use to it: unsigned thoughts would be read as something the model said. */
function adaptReasoning(part: Extract<Part, { kind: "reasoning" }>, exchange: Exchange): readonly Part[] | undefined {
  if (part.seal?.vendor === VENDOR) return undefined;
  if (exchange.policy.reasoningAsText && part.text !== "") return [{ kind: "text", text: part.text }];
  exchange.report({ code: "foreign-reasoning", path: part.path ?? "", action: "dropped", detail: part.seal === undefined ? "unsigned" : `sealed by ${part.seal.vendor}` });
  return [];
}

function spokenAsText(part: Part, transcript: string, exchange: Exchange): readonly Part[] {
  exchange.report({ code: "audio-as-text", path: part.path ?? "", action: "converted", detail: "only the transcript can be sent" });
  return [{ kind: "text", text: transcript }];
}

function adaptCompaction(part: Extract<Part, { kind: "compaction" }>): readonly Part[] {
  if (part.text !== undefined) return [{ kind: "text", text: part.text }];
  throw new GatewayError("compaction_not_portable", { source: "client", ...(part.path !== undefined && { path: part.path }) });
}

function drop(part: Part, what: string, exchange: Exchange): readonly Part[] {
  exchange.report({ code: "unsupported-part", path: part.path ?? "", action: "dropped", detail: what });
  return [];
}
