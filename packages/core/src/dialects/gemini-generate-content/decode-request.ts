import { isJsonObject, type CacheRequest, type ConversationState, type GenerateRequest, type Identity, type Json, type JsonObject, type Message } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import { join, optionalBoolean, optionalInteger, optionalObject, optionalString, readArray, readObject, readString } from "../../wire/read.ts";
import type { WireInput } from "../dialect.ts";
import { CONFIG_FIELDS, decodeOutput, decodeSampling, decodeThinking, unknownMembers } from "./decode-config.ts";
import { decodePart, partList, type PartReader } from "./decode-parts.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { gatherThoughts } from "./gather-thoughts.ts";
import { createHistoryReader } from "./history-reader.ts";
import { joinRuns } from "./join-runs.ts";
import { present } from "../../wire/present.ts";
import { listAt } from "./members.ts";
import { toCamelCase } from "./spelling.ts";
import { framingOf, isStreaming, readTarget } from "./target.ts";
import { DIALECT_ID } from "./wire.ts";

/** What the surroundings of a body say: the path, or the envelope around it. */
export interface BodyFrame {
  readonly dialect: string;
  readonly model: string;
  readonly stream: boolean;
  readonly framing: "sse" | "json-array";
  /** Before every path within the body, e.g. `request.`. */
  readonly prefix: string;
}

export function decodeRequest(input: WireInput, context: DecodeContext): GenerateRequest {
  const target = readTarget(input.path);
  const stream = isStreaming(target.verb);
  const frame: BodyFrame = { dialect: DIALECT_ID, model: target.model, stream, framing: framingOf(input, stream), prefix: "" };
  return decodeBody(readObject(input.body, ""), frame, context);
}

/** Top-level members that canonical has a word for. */
const BODY_FIELDS: ReadonlySet<string> = new Set([
  "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "labels", "serviceTier", "store", "model", "session_id",
]);
const TOOL_CONFIG_FIELDS: ReadonlySet<string> = new Set(["functionCallingConfig"]);

export function decodeBody(received: JsonObject, frame: BodyFrame, context: DecodeContext): GenerateRequest {
  const body = toCamelCase(received);
  const { prefix } = frame;
  const at = (key: string): string => `${prefix}${key}`;
  const base = prefix.slice(0, -1);
  const config = optionalObject(body, "generationConfig", base) ?? {};
  const tier = optionalString(body, "serviceTier", base);
  const stops = listAt(config, "stopSequences");
  return present<GenerateRequest>({
    dialect: frame.dialect,
    model: frame.model,
    stream: frame.stream,
    framing: frame.framing,
    messages: [...decodeSystem(body.systemInstruction, at("systemInstruction"), context), ...decodeContents(body.contents, at("contents"), context)],
    tools: decodeTools(body.tools, at("tools")),
    toolChoice: decodeToolChoice(body.toolConfig),
    maxOutputTokens: optionalInteger(config, "maxOutputTokens", at("generationConfig")),
    stopSequences: stops.length === 0 ? undefined : stops.map((stop, index) => readString(stop, at(`generationConfig.stopSequences[${index}]`))),
    sampling: decodeSampling(config, at("generationConfig")),
    reasoning: decodeThinking(config, at("generationConfig")),
    output: decodeOutput(config),
    cache: decodeCache(body, base),
    identity: decodeIdentity(body, base),
    service: tier === undefined ? undefined : { tier },
    state: decodeState(body, base),
    safety: body.safetySettings ?? undefined,
    residue: {
      ...unknownMembers(body, BODY_FIELDS, prefix),
      ...unknownMembers(body.toolConfig, TOOL_CONFIG_FIELDS, at("toolConfig.")),
      ...unknownMembers(config, CONFIG_FIELDS, at("generationConfig.")),
    },
    wire: body,
  });
}

function decodeCache(body: JsonObject, path: string): CacheRequest | undefined {
  const handle = optionalString(body, "cachedContent", path);
  return handle === undefined ? undefined : { handle };
}

function decodeIdentity(body: JsonObject, path: string): Identity | undefined {
  const labels = optionalObject(body, "labels", path);
  const sessionId = optionalString(body, "session_id", path);
  if (labels === undefined && sessionId === undefined) return undefined;
  const metadata = labels && Object.fromEntries(Object.keys(labels).map((key) => [key, readString(labels[key], join(join(path, "labels"), key))]));
  return present<Identity>({ metadata, sessionId });
}

function decodeState(body: JsonObject, path: string): ConversationState | undefined {
  const store = optionalBoolean(body, "store", path);
  return store === undefined ? undefined : { store };
}

/** A content, its parts, one part or a string. Thoughts have no place in instructions. */
function decodeSystem(instruction: Json | undefined, path: string, context: DecodeContext): readonly Message[] {
  if (instruction === undefined || instruction === null) return [];
  const isContent = isJsonObject(instruction) && instruction.parts !== undefined;
  const at = isContent ? `${path}.parts` : path;
  const wires = typeof instruction === "string" ? [{ text: instruction }] : partList(isContent ? instruction.parts : instruction, at);
  const reader = createHistoryReader(context);
  const parts = wires.flatMap((wire, index) => (wire.thought === true ? [] : [decodePart(wire, `${at}[${index}]`, reader)]));
  return [{ role: "system", origin: "instructions", parts, wire: { dialect: DIALECT_ID, value: instruction }, path }];
}

function decodeContents(contents: Json | undefined, path: string, context: DecodeContext): readonly Message[] {
  const list = isJsonObject(contents) ? [contents] : readArray(contents ?? undefined, path);
  const reader = createHistoryReader(context);
  const messages: Message[] = [];
  for (const [index, content] of list.entries()) messages.push(decodeContent(content, `${path}[${index}]`, { reader, before: messages.at(-1), context }));
  return gatherThoughts(messages, context.sealer);
}

interface Place {
  readonly reader: PartReader;
  readonly before: Message | undefined;
  readonly context: DecodeContext;
}

function decodeContent(value: Json, path: string, { reader, before, context }: Place): Message {
  const content: JsonObject = typeof value === "string" ? { parts: [{ text: value }] } : readObject(value, path);
  const role = decodeRole(content.role, path, before, context);
  const decoded = partList(content.parts, `${path}.parts`).map((wire, index) => decodePart(wire, `${path}.parts[${index}]`, reader));
  const parts = role === "assistant" ? joinRuns(decoded) : decoded;
  return { role, ...(role === "system" && { origin: "system" as const }), parts, wire: { dialect: DIALECT_ID, value: content }, path };
}

const ROLES: Readonly<Record<string, Message["role"]>> = { user: "user", model: "assistant", assistant: "assistant", function: "user", tool: "user", system: "system" };

/** A content without a role is the other one's turn; the first is the user's. */
 
function decodeRole(role: Json | undefined, path: string, before: Message | undefined, context: DecodeContext): Message["role"] {
  if (role !== undefined && role !== null && typeof role !== "string") throw invalidRequest(`${path}.role`, "expected a string");
  const known = typeof role === "string" ? ROLES[role] : undefined;
  if (known !== undefined) return known;
  const turn = before?.role === "user" ? "assistant" : "user";
  if (typeof role === "string" && role !== "") context.report({ code: "unknown-role", path: `${path}.role`, action: "repaired", detail: `${role} was taken as ${turn}` });
  return turn;
}
