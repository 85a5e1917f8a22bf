// What clients of this dialect leave to the vendor's memory: earlier replies, conversations and items, named by id.
// OpenAI SDK 6.49 types (read 2026-11).
import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";
import type { Frame } from "../../wire/sse.ts";
import type { TranscriptFormat, TranscriptReference } from "../dialect.ts";
import { withoutId, withoutReasoning } from "./without-seals.ts";

const FINISHED = new Set(["completed", "incomplete"]);

function itemsOf(input: Json | undefined): readonly Json[] {
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return Array.isArray(input) ? input : [];
}

/** The type may be left out of a reference. */
function referredItem(item: Json): string | undefined {
  if (!isJsonObject(item) || typeof item.id !== "string") return undefined;
  return item.type === "item_reference" || ((item.type === undefined || item.type === null) && item.role === undefined) ? item.id : undefined;
}

function references(body: JsonObject): readonly TranscriptReference[] {
  const { previous_response_id: previous, conversation } = body;
  const conversationId = isJsonObject(conversation) ? conversation.id : conversation;
  const found: TranscriptReference[] = [];
  if (typeof previous === "string") found.push({ to: "response", id: previous, path: "previous_response_id" });
  if (typeof conversationId === "string") found.push({ to: "conversation", id: conversationId, path: "conversation" });
  itemsOf(body.input).forEach((item, index) => {
    const id = referredItem(item);
    if (id !== undefined) found.push({ to: "item", id, path: `input[${index}].id` });
  });
  return found;
}

const spellOut: TranscriptFormat["spellOut"] = (body, { before, items }) => {
  const own = itemsOf(body.input).map((item): Json => items.get(referredItem(item) ?? "") ?? item);
  if (before === undefined) return { ...body, input: own };
  const { previous_response_id: _previous, conversation: _conversation, ...rest } = body;
  return { ...rest, input: [...before, ...own] };
};

/** Reasoning that is not sealed was only ever known by its id. */
function withoutItemIds(body: JsonObject): JsonObject {
  const items = withoutReasoning(itemsOf(body.input), ({ encrypted_content: sealed }) => typeof sealed !== "string" || sealed === "");
  return { ...body, input: items.map((item) => (isJsonObject(item) ? withoutId(item) : item)) };
}

function finishedReply({ event, data }: Frame): JsonObject | undefined {
  if (event !== "response.completed" && event !== "response.incomplete") return undefined;
  const value = JSON.parse(data) as Json;
  return isJsonObject(value) && isJsonObject(value.response) ? value.response : undefined;
}

const readReply: TranscriptFormat["readReply"] = ({ id, status, output }) => {
  if (typeof id !== "string" || typeof status !== "string" || !FINISHED.has(status) || !Array.isArray(output)) return undefined;
  return { id, items: (output as readonly Json[]).filter(isJsonObject) };
};

/** A list names every item; those that came without an id get one from their place. */
function encodeItems(items: readonly JsonObject[], transcriptId: string): JsonObject {
  const stem = transcriptId.replace(/^[a-z]+_/, "");
  const data = items.map((item, index) => (typeof item.id === "string" ? item : { id: `msg_${stem}_${index}`, ...item })).reverse();
  return { object: "list", data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: false };
}

export const transcripts: TranscriptFormat = {
  references,
  ownItems: (body) => itemsOf(body.input).filter(isJsonObject),
  spellOut,
  withoutItemIds,
  finishedReply,
  readReply,
  encodeItems,
  encodeDeleted: (id) => ({ id, object: "response", deleted: true }),
  beginConversation: ({ items, metadata }, id, createdAt) => ({
    conversation: { id, object: "conversation", created_at: Math.floor(createdAt / 1000), metadata: isJsonObject(metadata) ? metadata : {} },
    items: itemsOf(items).filter(isJsonObject),
  }),
  encodeDeletedConversation: (id) => ({ id, object: "conversation.deleted", deleted: true }),
};
