// What the tests of this folder share: small words for conversations, and a world in which nothing is by chance.
import { parseArguments, type GenerateEvent, type GenerateRequest, type GenerateResponse, type Json, type JsonObject, type Loss, type Message, type Part, type Tool, type ToolCallPart } from "../../canonical/index.ts";
import type { Capabilities, ClientTraits, TranslationPolicy } from "../../capabilities.ts";
import type { Exchange } from "../../exchange.ts";
import { createTestWorld, type TestWorld } from "../../testing/exchange.ts";
import type { Dialect, WireInput } from "../dialect.ts";
import { geminiGenerateContent } from "./index.ts";

const VENDORS = [
  geminiGenerateContent,
  { vendor: "anthropic", recognisesSeal: (value: string) => value.startsWith("ErU") },
  { vendor: "openai", recognisesSeal: (value: string) => value.startsWith("gAAAA") },
];

export function createWorld(client: ClientTraits = {}): TestWorld {
  return createTestWorld(VENDORS, { client });
}

export const asPart = (part: string | Part): Part => (typeof part === "string" ? { kind: "text", text: part } : part);
export const user = (...parts: (string | Part)[]): Message => ({ role: "user", parts: parts.map(asPart) });
export const assistant = (...parts: (string | Part)[]): Message => ({ role: "assistant", parts: parts.map(asPart) });
export const system = (text: string, origin: "system" | "developer" | "instructions" = "system"): Message => ({ role: "system", origin, parts: [{ kind: "text", text }] });
export const call = (callId: string, name = "f", argumentsText = "{}", extra: Partial<ToolCallPart> = {}): ToolCallPart => {
  const parsed = parseArguments(argumentsText);
  return { kind: "tool-call", callId, name, variant: "function", argumentsText, ...(parsed !== undefined && { arguments: parsed }), complete: true, ...extra };
};
export const result = (callId: string, ...content: (string | Part)[]): Part => ({ kind: "tool-result", callId, variant: "function", content: content.map(asPart) });
export const failure = (callId: string, text: string): Part => ({ kind: "tool-result", callId, variant: "function", isError: true, content: [{ kind: "text", text }] });
export const tool = (name = "f", extra: object = {}): Tool => ({ kind: "function", name, schema: { type: "object", properties: { p: { type: "string" } } }, ...extra }) as Tool;

export function request(members: Partial<GenerateRequest> = {}): GenerateRequest {
  return { dialect: "elsewhere", model: "gemini-m", stream: false, framing: "sse", messages: [user("hi")], tools: [], sampling: {}, residue: {}, ...members };
}

export interface Options {
  readonly capabilities?: Capabilities;
  readonly policy?: Partial<TranslationPolicy>;
  readonly upstreamModel?: string;
}

interface WireBody extends JsonObject {
  readonly contents: readonly { readonly role: string; readonly parts: readonly JsonObject[] }[] & Json;
}

export interface Encoded {
  readonly path: string;
  readonly query: { readonly [name: string]: string } | undefined;
  readonly body: WireBody;
  readonly config: JsonObject;
  readonly losses: readonly Loss[];
  readonly exchange: Exchange;
}

export function encode(members: Partial<GenerateRequest>, options: Options = {}, world: TestWorld = createWorld(), dialect: Dialect = geminiGenerateContent): Encoded {
  const whole = request(members);
  const exchange = world.exchange(whole, dialect, options);
  const { path, query, body } = dialect.encodeRequest(whole, exchange);
  return { path, query, body: body as WireBody, config: (body.generationConfig ?? {}) as JsonObject, losses: world.losses, exchange };
}

export const wireInput = (body: Json, path = "/v1beta/models/gemini-m:generateContent", query: Record<string, string> = {}): WireInput => ({
  path, query: { get: (name) => query[name] ?? null }, headers: { get: () => null }, body,
});

export function decode(body: Json, world: TestWorld = createWorld(), path?: string, query?: Record<string, string>): GenerateRequest {
  return geminiGenerateContent.decodeRequest(wireInput(body, path, query), world.context);
}

/** An exchange between a client of this dialect and an upstream of it or of another. */
export function exchangeOf(members: Partial<GenerateRequest> = {}, options: Options & { readonly from?: string } = {}, world: TestWorld = createWorld()): Exchange {
  const exchange = world.exchange(request(members), geminiGenerateContent, options);
  return { ...exchange, upstreamDialect: options.from ?? geminiGenerateContent.id };
}

export function decodeStream(chunks: readonly Json[], exchange: Exchange = exchangeOf(), truncated = false): GenerateEvent[] {
  const events: GenerateEvent[] = [];
  const decoder = geminiGenerateContent.createStreamDecoder(exchange, (event) => void events.push(event));
  for (const chunk of chunks) decoder.push({ event: "", data: JSON.stringify(chunk) });
  decoder.end(truncated);
  return events;
}

export function encodeStream(events: readonly GenerateEvent[], exchange: Exchange = exchangeOf({}, { from: "elsewhere" }), dialect: Dialect = geminiGenerateContent): string {
  let text = "";
  const encoder = dialect.createStreamEncoder(exchange, (piece) => void (text += piece));
  for (const event of events) encoder.push(event);
  return text;
}

export const answer = (parts: readonly Part[], members: Partial<GenerateResponse> = {}): GenerateResponse => ({
  id: "resp_1", model: "up", candidates: [{ index: 0, parts, finish: { reason: "end" } }], ...members,
});

/** The data of each event of a stream. */
export function dataOf(stream: string): JsonObject[] {
  return stream.split("\n\n").filter((block) => block !== "").map((block) => JSON.parse(block.slice("data: ".length)) as JsonObject);
}

export function partsOf(chunk: JsonObject | undefined): readonly JsonObject[] {
  const [candidate] = (chunk?.candidates ?? []) as readonly { content?: { parts?: readonly JsonObject[] } }[];
  return candidate?.content?.parts ?? [];
}
