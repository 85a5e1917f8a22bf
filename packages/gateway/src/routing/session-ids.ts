import { isJsonObject, type GenerateRequest, type Json, type Message } from "@dragoman/core";
import type { SessionIdsOf } from "./switchboard.ts";

/** Headers by which clients name a conversation, best first, with the word that keeps their values apart. */
const HEADERS: readonly (readonly [header: string, word: string])[] = [
  ["x-claude-code-session-id", "claude"],
  ["session-id", "codex"],
  ["session_id", "codex"],
  ["x-session-id", "header"],
  ["x-session-affinity", "affinity"],
  ["x-client-request-id", "clientreq"],
];

/**
 * Ids of the conversation: those of the first source that has one. The second, if there is one, stands for the same
 * conversation, so that a later turn still meets the earlier.
 */
export const sessionIdsOf: SessionIdsOf = (request, headers) => {
  const [claudeCode, ...others] = HEADERS;
  const first = claudeCode === undefined ? undefined : fromHeader(headers, claudeCode);
  if (first !== undefined) return [first];
  const inUserId = sessionInUserId(request);
  if (inUserId !== undefined) return [`claude:${inUserId}`];
  for (const each of others) {
    const found = fromHeader(headers, each);
    if (found !== undefined) return [found];
  }
  const inBody = fromBody(request);
  return inBody.length > 0 ? inBody : fromOpening(request.messages);
};

function fromHeader(headers: { get(name: string): string | null }, [header, word]: readonly [string, string]): string | undefined {
  const value = headers.get(header)?.trim() ?? "";
  return value === "" ? undefined : `${word}:${value}`;
}

/** Claude Code puts its session into `metadata.user_id`: `user_…_account_…_session_<uuid>`, later as JSON. */
function sessionInUserId(request: GenerateRequest): string | undefined {
  const userId = userIdOf(request);
  if (userId === undefined) return undefined;
  const plain = /_session_([\w-]+)$/.exec(userId)?.[1];
  return plain ?? /"session_id"\s*:\s*"([^"]+)"/.exec(userId)?.[1];
}

function userIdOf(request: GenerateRequest): string | undefined {
  const metadata = request.wire?.metadata;
  return text(isJsonObject(metadata) ? metadata.user_id : undefined) ?? request.identity?.metadata?.user_id;
}

function fromBody(request: GenerateRequest): string[] {
  const body = request.wire ?? request.residue;
  const session = text(body.session_id) ?? text(body.sessionId) ?? request.identity?.sessionId;
  if (session !== undefined) return [`session:${session}`];
  const conversation = request.state?.conversationId ?? text(body.conversation) ?? (isJsonObject(body.conversation) ? text(body.conversation.id) : undefined);
  const inConversation = conversation === undefined ? [] : [`conv:${conversation}`];
  const cacheKey = request.cache?.key;
  if (cacheKey !== undefined && cacheKey !== "") return [`pck:${cacheKey}`, ...inConversation];
  if (inConversation.length > 0) return inConversation;
  const userId = userIdOf(request);
  if (userId !== undefined) return [`user:${userId}`];
  const other = text(body.conversation_id);
  return other === undefined ? [] : [`conv:${other}`];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Characters of each text that count: enough to tell conversations apart, few enough to be quick. */
const OPENING = 100;

/** A hash of how the conversation begins; the one without the first answer is what its first turn had. */
function fromOpening(messages: readonly Message[]): string[] {
  const system = openingOf(messages, "system");
  const user = openingOf(messages, "user");
  if (user === "") return [];
  const assistant = openingOf(messages, "assistant");
  const first = digest(`${system}\u0000${user}`);
  return assistant === "" ? [`hash:${first}`] : [`hash:${first}:${digest(assistant)}`, `hash:${first}`];
}

function openingOf(messages: readonly Message[], role: Message["role"]): string {
  for (const message of messages) {
    if (message.role !== role) continue;
    for (const part of message.parts) if (part.kind === "text" && part.text !== "") return part.text.slice(0, OPENING);
  }
  return "";
}

/**
 * Tells openings apart, and need not do more: 53 bits of a multiplicative hash (cyrb53, public domain). Two
 * conversations of one principal that met would share a credential, and nothing else.
 */
function digest(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
