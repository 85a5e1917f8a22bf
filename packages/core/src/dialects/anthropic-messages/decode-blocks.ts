import { isJsonObject, type CacheMark, type CompactionPart, type FilePart, type Json, type JsonObject, type OpaquePart, type Part, type ReasoningPart, type Seal, type ServerToolCallPart, type ServerToolResultPart, type TextPart, type ToolCallPart, type ToolResultPart } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import { join, optionalString, readArray, readObject, readString } from "../../wire/read.ts";
import { decodeCitations } from "./citations.ts";
import { decodeSource, holdsImages, textOf } from "./decode-media.ts";
import { present } from "../../wire/present.ts";
import { text } from "./loose-values.ts";
import { familyOf } from "./server-families.ts";
import { DIALECT_ID, ownWire, VENDOR } from "./wire.ts";

/** What differs between blocks of a client's request and blocks of an upstream's answer. */
export interface BlockContext {
  /** Reads an opaque field. `rejected`: an envelope of ours that is not valid; the field must not travel on. */
  openSeal(value: string, form: Seal["form"], path: string): Seal | "rejected" | undefined;
  /** The id as the rest of the house knows it. */
  callId(wireId: string): string;
  toolName(wireName: string): { readonly name: string; readonly namespace?: string };
}

interface Place {
  readonly path: string;
  readonly context: BlockContext;
}

type BlockDecoder = (block: JsonObject, place: Place) => Part;

const DECODERS: Readonly<Record<string, BlockDecoder>> = {
  text: decodeText,
  thinking: decodeThinking,
  redacted_thinking: decodeRedacted,
  image: (block, { path }) => ({ kind: "image", source: decodeSource(block, path, undefined), ...common(block, path) }),
  document: decodeDocument,
  search_result: (block, { path }) => opaque(block, path, searchResultText(block)),
  tool_use: decodeToolUse,
  tool_result: decodeToolResult,
  server_tool_use: decodeServerCall,
  mcp_tool_use: decodeServerCall,
  compaction: decodeCompaction,
};

/** A string, or a list of blocks. A string has no block of its own, so its part has no `wire`. */
export function decodeContent(content: Json | undefined, path: string, context: BlockContext): readonly Part[] {
  if (typeof content === "string") return [{ kind: "text", text: content, ...(path !== "" && { path }) }];
  return readArray(content, path).map((block, index) => decodeBlock(block, `${path}[${index}]`, context));
}

export function decodeBlock(value: unknown, path: string, context: BlockContext): Part {
  const block = readObject(value, path);
  const type = readString(block.type, join(path, "type"));
  const decoder = DECODERS[type] ?? (type.endsWith("_tool_result") && "tool_use_id" in block ? decodeServerResult : undefined);
  return decoder === undefined ? opaque(block, path, text(block.text)) : decoder(block, { path, context });
}

export function decodeCacheMark(value: Json | undefined): CacheMark | undefined {
  if (!isJsonObject(value)) return undefined;
  const ttl = value.ttl;
  return ttl === "5m" || ttl === "1h" || ttl === "30m" ? { ttl } : {};
}

function common(block: JsonObject, path: string): Pick<TextPart, "wire" | "path" | "cache"> {
  return present({ wire: ownWire(block), path: path === "" ? undefined : path, cache: decodeCacheMark(block.cache_control) });
}

function opaque(block: JsonObject, path: string, fallbackText: string | undefined): OpaquePart {
  return present<OpaquePart>({ kind: "opaque", dialect: DIALECT_ID, type: text(block.type) ?? "", value: block, fallbackText, ...common(block, path) });
}

function decodeText(block: JsonObject, { path }: Place): TextPart {
  return present<TextPart>({
    kind: "text",
    text: readString(block.text, join(path, "text")),
    citations: decodeCitations(block.citations),
    ...common(block, path),
  });
}

function decodeThinking(block: JsonObject, { path, context }: Place): ReasoningPart {
  const thinking = optionalString(block, "thinking", path) ?? "";
  const value = optionalString(block, "signature", path) ?? "";
  const seal = context.openSeal(value, "signature", path);
  return reasoningPart(block, path, { text: thinking, seal, keepsWire: value === "" });
}

function decodeRedacted(block: JsonObject, { path, context }: Place): ReasoningPart {
  const value = readString(block.data, join(path, "data"));
  const seal = context.openSeal(value, "redacted", path);
  return { ...reasoningPart(block, path, { text: "", seal, keepsWire: false }), redacted: true };
}

/** A block goes back word for word only when its seal is the vendor's own; an envelope must not reach the vendor. */
function reasoningPart(block: JsonObject, path: string, facts: { text: string; seal: Seal | "rejected" | undefined; keepsWire: boolean }): ReasoningPart {
  const seal = facts.seal === "rejected" ? undefined : facts.seal;
  const ownSeal = seal?.vendor === VENDOR && (seal.value === block.signature || seal.value === block.data);
  const { wire, ...rest } = common(block, path);
  return present<ReasoningPart>({
    kind: "reasoning",
    text: facts.text,
    textKind: textKindOf(facts.text, seal),
    summary: splitSummary(facts.text, seal?.summaryLengths),
    itemId: seal?.itemId,
    seal,
    wire: ownSeal || facts.keepsWire ? wire : undefined,
    ...rest,
  });
}

function textKindOf(text: string, seal: Seal | undefined): ReasoningPart["textKind"] {
  if (text === "") return "none";
  return seal?.form === "plain-text-hash" ? "raw" : "summary";
}

/** Takes summary parts apart again that were joined by a blank line on their way to the client. */
function splitSummary(text: string, lengths: readonly number[] | undefined): readonly string[] | undefined {
  if (lengths === undefined) return undefined;
  const total = lengths.reduce((sum, length) => sum + length, 2 * (lengths.length - 1));
  if (total !== text.length) return undefined;
  let start = 0;
  return lengths.map((length) => {
    const piece = text.slice(start, start + length);
    start += length + 2;
    return piece;
  });
}

function decodeDocument(block: JsonObject, { path }: Place): Part {
  const source = isJsonObject(block.source) ? block.source : undefined;
  if (holdsImages(block)) return opaque(block, path, textOf(source?.content));
  const citations = isJsonObject(block.citations) ? block.citations.enabled : undefined;
  return present<FilePart>({
    kind: "file",
    source: decodeSource(block, path, source?.type === "text" ? "text/plain" : "application/pdf"),
    title: optionalString(block, "title", path),
    context: optionalString(block, "context", path),
    citations: typeof citations === "boolean" ? citations : undefined,
    ...common(block, path),
  });
}

function searchResultText(block: JsonObject): string {
  return [text(block.title), text(block.source), textOf(block.content)].filter((line) => line !== undefined && line !== "").join("\n");
}

function decodeToolUse(block: JsonObject, { path, context }: Place): ToolCallPart {
  const input = block.input ?? {};
  return present<ToolCallPart>({
    kind: "tool-call",
    callId: context.callId(readString(block.id, join(path, "id"))),
    ...context.toolName(readString(block.name, join(path, "name"))),
    variant: "function",
    argumentsText: JSON.stringify(input),
    arguments: isJsonObject(input) ? input : undefined,
    complete: true,
    caller: block.caller,
    ...common(block, path),
  });
}

function decodeToolResult(block: JsonObject, { path, context }: Place): ToolResultPart {
  const content = block.content;
  return present<ToolResultPart>({
    kind: "tool-result",
    callId: context.callId(readString(block.tool_use_id, join(path, "tool_use_id"))),
    variant: "function",
    isError: block.is_error === true ? true : undefined,
    content: content === undefined || content === null ? [] : decodeContent(content, join(path, "content"), context),
    ...common(block, path),
  });
}

function decodeServerCall(block: JsonObject, { path }: Place): ServerToolCallPart {
  const name = readString(block.name, join(path, "name"));
  return present<ServerToolCallPart>({
    kind: "server-tool-call",
    callId: readString(block.id, join(path, "id")),
    family: block.type === "mcp_tool_use" ? "mcp" : familyOf(name),
    name,
    input: block.input,
    ...common(block, path),
  });
}

function decodeServerResult(block: JsonObject, { path }: Place): ServerToolResultPart {
  const content = block.content;
  return present<ServerToolResultPart>({
    kind: "server-tool-result",
    callId: readString(block.tool_use_id, join(path, "tool_use_id")),
    family: familyOf(text(block.type) ?? ""),
    result: content,
    error: isJsonObject(content) ? text(content.error_code) : undefined,
    ...common(block, path),
  });
}

/** The digest is readable when the vendor left it so; `encrypted_content` is not. */
function decodeCompaction(block: JsonObject, { path }: Place): CompactionPart {
  if (block.content !== undefined && block.content !== null && typeof block.content !== "string") {
    throw invalidRequest(join(path, "content"), "expected a string");
  }
  return present<CompactionPart>({
    kind: "compaction",
    vendor: VENDOR,
    encrypted: text(block.encrypted_content),
    text: text(block.content),
    ...common(block, path),
  });
}
