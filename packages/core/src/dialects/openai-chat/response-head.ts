import type { EventSequencer, Json, JsonObject, MutableJsonObject, SequencerOptions } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { CHAT } from "./identity.ts";
import type { ChatChunk } from "./wire.ts";

/** Members of a chunk or an answer that are read elsewhere, or are only padding. */
const READ: ReadonlySet<string> = new Set(["id", "object", "created", "model", "choices", "usage", "service_tier", "error", "obfuscation"]);

/** Who answers, told once. */
export function startFrom(chunk: ChatChunk, sequencer: EventSequencer): void {
  sequencer.start({ id: text(chunk.id), model: text(chunk.model), createdAt: typeof chunk.created === "number" ? chunk.created : undefined, serviceTier: text(chunk.service_tier) });
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What else the answer says at its top (`system_fingerprint`, `citations`, …). */
export function residueFrom(body: JsonObject, sequencer: EventSequencer): void {
  let residue: MutableJsonObject | undefined;
  for (const key of Object.keys(body)) {
    if (READ.has(key) || body[key] === null || body[key] === undefined) continue;
    residue ??= {};
    residue[key] = body[key];
  }
  if (residue !== undefined) sequencer.residue(CHAT, residue);
}

export function sequencerOptions(exchange: Exchange): SequencerOptions {
  return {
    fallbackId: () => exchange.newId("chatcmpl-"),
    fallbackModel: exchange.upstreamModel,
    newCallId: () => exchange.newId("call_"),
    onNamelessCall: (part) => exchange.report({ code: "nameless-call", path: "choices[].message.tool_calls", action: "synthesised", detail: part.name }),
  };
}
