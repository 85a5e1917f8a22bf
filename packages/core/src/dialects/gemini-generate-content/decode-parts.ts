import { isJsonObject, type Json, type JsonObject, type Part, type Seal, type ServerToolFamily, type TextPart, type ToolCallPart, type ToolResultPart } from "../../canonical/index.ts";
import { readArray, readObject, readString } from "../../wire/read.ts";
import { decodeFileData, decodeInlineData } from "./media.ts";
import { present } from "../../wire/present.ts";
import { listAt, stringAt } from "./members.ts";
import { DIALECT_ID } from "./wire.ts";

/** What differs between a part of a client's history and one of an upstream's reply: whose names and ids they are. */
export interface PartReader {
  seal(value: string, path: string): Seal | undefined;
  call(wire: CallWire, path: string): Pick<ToolCallPart, "callId" | "name" | "namespace" | "variant" | "argumentsText" | "arguments">;
  result(id: string | undefined, name: string, path: string): Pick<ToolResultPart, "callId" | "variant">;
  /** Ids of code runs and other server tools: a result without one belongs to the last call. */
  serverCallId(id: string | undefined, isCall: boolean): string;
  /** Whether text that ends in Gemini CLI's mark is a thought that it wrote back as text. */
  readonly thoughtEcho: boolean;
}

export interface CallWire {
  readonly id: string | undefined;
  readonly name: string;
  readonly args: JsonObject;
}

type Decode = (wire: JsonObject, path: string, reader: PartReader) => Part;

/** The data fields of a part, in the order in which they are looked for. */
const DECODERS: readonly (readonly [field: string, decode: Decode])[] = [
  ["functionCall", decodeCall],
  ["functionResponse", decodeResult],
  ["inlineData", decodeInlineData],
  ["fileData", decodeFileData],
  ["executableCode", decodeExecutableCode],
  ["codeExecutionResult", decodeCodeResult],
  ["toolCall", decodeServerCall],
  ["toolResponse", decodeServerResult],
  ["text", decodeText],
];

/** One wire part is one part; what it stood for in the body goes along word for word. */
export function decodePart(wire: JsonObject, path: string, reader: PartReader): Part {
  const decode = DECODERS.find(([field]) => wire[field] !== undefined && wire[field] !== null)?.[1] ?? decodeUnknown;
  return { ...decode(wire, path, reader), wire: { dialect: DIALECT_ID, value: wire }, path };
}

/** Written by Gemini CLI when it turns thoughts in its history into text (0.34, read 2026-11). */
const THOUGHT_ECHO = /\n?\[Thought: true\]$/;

function decodeText(wire: JsonObject, path: string, reader: PartReader): Part {
  const text = readString(wire.text, `${path}.text`);
  const signature = stringAt(wire, "thoughtSignature");
  const seal = signature === undefined ? undefined : reader.seal(signature, `${path}.thoughtSignature`);
  if (wire.thought === true) return reasoning(text, seal);
  if (reader.thoughtEcho && THOUGHT_ECHO.test(text)) return reasoning(text.replace(THOUGHT_ECHO, ""), seal);
  if (text === "" && seal !== undefined) return reasoning("", seal.form === "thought-signature" ? { ...seal, bindsTo: "previous" } : seal);
  return present<TextPart>({ kind: "text", text, seal });
}

function reasoning(text: string, seal: Seal | undefined): Part {
  return {
    kind: "reasoning",
    text,
    textKind: text === "" ? "none" : "raw",
    ...(seal !== undefined && { seal }),
    ...(seal?.form === "redacted" && { redacted: true }),
  };
}

function decodeCall(wire: JsonObject, path: string, reader: PartReader): Part {
  const call = readObject(wire.functionCall, `${path}.functionCall`);
  const args = call.args === undefined || call.args === null ? {} : readObject(call.args, `${path}.functionCall.args`);
  const signature = stringAt(wire, "thoughtSignature");
  const seal = signature === undefined ? undefined : reader.seal(signature, `${path}.thoughtSignature`);
  const name = readString(call.name, `${path}.functionCall.name`);
  const known = reader.call({ id: stringAt(call, "id") || undefined, name, args }, path);
  return present<ToolCallPart>({ kind: "tool-call", ...known, complete: true, seal });
}

/** Keys are those that Google documents for results; everything else is the result itself. */
function decodeResult(wire: JsonObject, path: string, reader: PartReader): Part {
  const wireResult = readObject(wire.functionResponse, `${path}.functionResponse`);
  const name = stringAt(wireResult, "name") ?? "";
  const object = wireResult.response === undefined || wireResult.response === null ? {} : readObject(wireResult.response, `${path}.functionResponse.response`);
  const isError = object.error !== undefined && object.error !== null;
  const text = resultText(object);
  const media = listAt(wireResult, "parts").map((part, index) => {
    const at = `${path}.functionResponse.parts[${index}]`;
    return decodePart(readObject(part, at), at, reader);
  });
  return present<ToolResultPart>({
    kind: "tool-result",
    ...reader.result(stringAt(wireResult, "id") || undefined, name, path),
    name: name === "" ? undefined : name,
    isError: isError ? true : undefined,
    content: text === "" ? media : [{ kind: "text", text }, ...media],
    object,
  });
}

function resultText(object: JsonObject): string {
  if (Object.keys(object).length === 0) return "";
  const said = object.error ?? object.output ?? object.result;
  return typeof said === "string" ? said : JSON.stringify(object);
}

function decodeExecutableCode(wire: JsonObject, path: string, reader: PartReader): Part {
  const code = readObject(wire.executableCode, `${path}.executableCode`);
  return { kind: "server-tool-call", callId: reader.serverCallId(stringAt(code, "id"), true), family: "code-execution", name: "codeExecution", input: present<JsonObject>({ code: code.code, language: code.language }) };
}

function decodeCodeResult(wire: JsonObject, path: string, reader: PartReader): Part {
  const result = readObject(wire.codeExecutionResult, `${path}.codeExecutionResult`);
  const outcome = stringAt(result, "outcome");
  const failed = outcome !== undefined && outcome !== "OUTCOME_OK" && outcome !== "OUTCOME_UNSPECIFIED";
  return {
    kind: "server-tool-result",
    callId: reader.serverCallId(stringAt(result, "id"), false),
    family: "code-execution",
    result: present<JsonObject>({ outcome: result.outcome, output: result.output }),
    ...(failed && { error: outcome }),
  };
}

const FAMILY_OF_TOOL_TYPE: Readonly<Record<string, ServerToolFamily>> = {
  GOOGLE_SEARCH_WEB: "web-search", GOOGLE_SEARCH_IMAGE: "web-search", URL_CONTEXT: "web-fetch", GOOGLE_MAPS: "maps", FILE_SEARCH: "file-search",
};

function decodeServerCall(wire: JsonObject, path: string, reader: PartReader): Part {
  const call = readObject(wire.toolCall, `${path}.toolCall`);
  const type = stringAt(call, "toolType") ?? "";
  return { kind: "server-tool-call", callId: reader.serverCallId(stringAt(call, "id"), true), family: FAMILY_OF_TOOL_TYPE[type] ?? "other", name: type, ...(call.args !== undefined && { input: call.args }) };
}

function decodeServerResult(wire: JsonObject, path: string, reader: PartReader): Part {
  const result = readObject(wire.toolResponse, `${path}.toolResponse`);
  const family = FAMILY_OF_TOOL_TYPE[stringAt(result, "toolType") ?? ""] ?? "other";
  return { kind: "server-tool-result", callId: reader.serverCallId(stringAt(result, "id"), false), family, ...(result.response !== undefined && { result: result.response }) };
}

function decodeUnknown(wire: JsonObject): Part {
  return { kind: "opaque", dialect: DIALECT_ID, type: Object.keys(wire)[0] ?? "empty", value: wire };
}

/** `parts` as a list; the API also takes a single one. */
export function partList(parts: Json | undefined, path: string): readonly JsonObject[] {
  if (parts === undefined || parts === null) return [];
  const list = isJsonObject(parts) ? [parts] : readArray(parts, path);
  return list.map((part, index) => (typeof part === "string" ? { text: part } : readObject(part, `${path}[${index}]`)));
}
