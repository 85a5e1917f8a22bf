import { DIALECTS, type Capabilities, type Dialect, type Json, type WireInput } from "@dragoman/core";
import { createTestWorld, type TestWorld } from "../../packages/core/src/testing/exchange.ts";
import type { CaseSheet } from "./case.ts";

export function dialectOf(id: string): Dialect {
  const found = DIALECTS.find((dialect) => dialect.id === id);
  if (found === undefined) throw new TypeError(`There is no dialect "${id}".`);
  return found;
}

/** The model that stands behind each dialect unless a case says otherwise: its vendor's newest kind. */
const CAPABILITIES: Readonly<Record<string, Capabilities>> = {
  "gemini-generate-content": { requiresCallSeal: true, functionResponseParts: true, jsonWithTools: true },
  "gemini-code-assist": { requiresCallSeal: true, functionResponseParts: true, jsonWithTools: true },
};

export function capabilitiesOf(sheet: CaseSheet, upstream: string): Capabilities {
  return sheet.capabilities ?? CAPABILITIES[upstream] ?? {};
}

const MODELS: Readonly<Record<string, string>> = {
  "openai-chat": "/v1/chat/completions",
  "openai-completions": "/v1/completions",
  "openai-responses": "/v1/responses",
  "anthropic-messages": "/v1/messages",
  "gemini-generate-content": "/v1beta/models/model-1:generateContent",
  "gemini-code-assist": "/v1internal:generateContent",
};

/** The request of a client of that dialect, at its usual address. */
export function wireInput(dialect: string, body: Json, at: { readonly path?: string; readonly headers?: { readonly [name: string]: string }; readonly streamed?: boolean } = {}): WireInput {
  const usual = MODELS[dialect] ?? "/";
  const streamed = at.streamed === true ? `${usual.replace(":generateContent", ":streamGenerateContent")}${usual.includes(":") ? "?alt=sse" : ""}` : usual;
  const [path = "", query = ""] = (at.path ?? streamed).split("?");
  const headers = new Map(Object.entries(at.headers ?? {}));
  return { path, query: new URLSearchParams(query), headers: { get: (name) => headers.get(name) ?? null }, body };
}

/** What a client asks when only the answer matters. */
export function plainRequest(dialect: string, streamed: boolean): Json {
  const stream = streamed ? { stream: true } : {};
  const tool = { type: "object", properties: {} };
  switch (dialect) {
    case "openai-chat":
      return { model: "model-1", messages: [{ role: "user", content: "Hi" }], tools: [{ type: "function", function: { name: "f", parameters: tool } }, { type: "function", function: { name: "g", parameters: tool } }], ...stream, ...(streamed && { stream_options: { include_usage: true } }) };
    case "openai-responses":
      return { model: "model-1", input: "Hi", store: false, tools: [{ type: "function", name: "f", parameters: tool, strict: false }, { type: "function", name: "g", parameters: tool, strict: false }], ...stream };
    case "anthropic-messages":
      return { model: "model-1", max_tokens: 1000, messages: [{ role: "user", content: "Hi" }], tools: [{ name: "f", input_schema: tool }, { name: "g", input_schema: tool }], ...stream };
    case "gemini-code-assist":
      return { model: "model-1", project: "p", request: plainRequest("gemini-generate-content", streamed) };
    default:
      return { contents: [{ role: "user", parts: [{ text: "Hi" }] }], tools: [{ functionDeclarations: [{ name: "f" }, { name: "g" }] }], generationConfig: { thinkingConfig: { includeThoughts: true } } };
  }
}

export type Memory = NonNullable<Parameters<typeof createTestWorld>[1]>["memory"];

/** A fresh world: ids count from 1, the clock stands still. */
export function worldOf(sheet: CaseSheet, memory?: Memory): TestWorld {
  return createTestWorld(DIALECTS, { ...(sheet.client !== undefined && { client: sheet.client }), ...(memory !== undefined && { memory }) });
}
