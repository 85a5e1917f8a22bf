import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { GEMINI_FAMILIES } from "../families/index.ts";
import { defineProvider, type AsideEndpoint, type CatalogueModel, type Provider } from "./define-provider.ts";

const model = (id: string, displayName: string, created?: number): CatalogueModel =>
  ({ id, displayName, ...(created !== undefined && { created }), contextTokens: 1_048_576, maxOutputTokens: 65_536 });
const picture = (id: string, displayName: string, created: number): CatalogueModel => ({ id, displayName, created });

/** `/v1beta/models/{model}:{verb}`, whatever stands before `models`, as Vertex writes it for keys. */
function path(given: string): string {
  return given.replace(/^.*?\/models\//, "/v1/publishers/google/models/");
}

/** Vertex answers 400 to calls and results that carry an id; order and names pair them. */
function withoutCallIds(body: JsonObject): JsonObject {
  if (!Array.isArray(body.contents)) return body;
  const contents = (body.contents as readonly Json[]).map(contentWithoutIds);
  return contents.some((content, at) => content !== (body.contents as readonly Json[])[at]) ? { ...body, contents } : body;
}

function contentWithoutIds(content: Json): Json {
  if (!isJsonObject(content) || !Array.isArray(content.parts)) return content;
  const parts = content.parts as readonly Json[];
  const bare = parts.map(partWithoutId);
  return bare.every((part, at) => part === parts[at]) ? content : { ...content, parts: bare };
}

function partWithoutId(part: Json): Json {
  if (!isJsonObject(part)) return part;
  const name = isJsonObject(part.functionCall) ? "functionCall" : "functionResponse";
  const told = part[name];
  if (!isJsonObject(told) || told.id === undefined) return part;
  const { id: _id, ...rest } = told;
  return { ...part, [name]: rest };
}

/** Imagen paints by `predict`: a prompt of all texts in, pictures in base64 out. cloud.google.com/vertex-ai/generative-ai/docs (read 2026-11). */
const imagen: AsideEndpoint = {
  match: /^imagen-/,
  path: (given) => given.replace(/:[A-Za-z]+$/, ":predict"),
  request(body) {
    const config = isJsonObject(body.generationConfig) ? body.generationConfig : {};
    const aspectRatio = isJsonObject(config.imageConfig) ? config.imageConfig.aspectRatio : undefined;
    return {
      instances: [{ prompt: textsOf(body.contents).join("\n"), ...(typeof config.negativePrompt === "string" && { negativePrompt: config.negativePrompt }) }],
      parameters: { sampleCount: 1, ...(typeof aspectRatio === "string" && { aspectRatio }) },
    };
  },
  reply(body) {
    const predictions = (Array.isArray(body.predictions) ? (body.predictions as readonly Json[]) : []).filter(isJsonObject);
    const parts = predictions.filter(({ bytesBase64Encoded }) => typeof bytesBase64Encoded === "string")
      .map(({ bytesBase64Encoded, mimeType }) => ({ inlineData: { mimeType: typeof mimeType === "string" ? mimeType : "image/png", data: bytesBase64Encoded } }));
    return { candidates: [{ index: 0, content: { role: "model", parts }, finishReason: "STOP" }] };
  },
};

function textsOf(contents: Json | undefined): readonly string[] {
  const turns = (Array.isArray(contents) ? (contents as readonly Json[]) : []).filter(isJsonObject);
  const parts = turns.flatMap(({ parts: given }) => (Array.isArray(given) ? (given as readonly Json[]) : []));
  return parts.flatMap((part) => (isJsonObject(part) && typeof part.text === "string" && part.text !== "" ? [part.text] : []));
}

/** Google's Vertex AI. With a key no project stands in its paths; accounts put theirs in. cloud.google.com/vertex-ai/docs/reference/rest (read 2026-11). */
export const vertex: Provider = defineProvider({
  id: "vertex", telemetryName: "gcp.vertex_ai", name: "Google Vertex AI",
  baseUrl: "https://aiplatform.googleapis.com",
  hosts: ["aiplatform.googleapis.com"],
  dialects: { "gemini-generate-content": { path, patchRequest: withoutCallIds, asides: [imagen] } },
  auth: { kind: "api-key", header: "x-goog-api-key" },
  keyVariables: ["GOOGLE_VERTEX_API_KEY"],
  capabilities: { firstParty: true, validatedMode: true, countsBeside: true },
  // Pictures are not counted in tokens.
  models: [...GEMINI_FAMILIES, { match: /^imagen-/, capabilities: { firstParty: false } }],
  catalogue: [
    model("gemini-2.5-pro", "Gemini 2.5 Pro", 1_750_118_400),
    model("gemini-2.5-flash", "Gemini 2.5 Flash", 1_750_118_400),
    model("gemini-2.5-flash-image", "Gemini 2.5 Flash Image", 1_763_596_800),
    model("gemini-2.5-flash-lite", "Gemini 2.5 Flash Lite", 1_753_142_400),
    model("gemini-3-pro", "Gemini 3 Pro", 1_737_158_400),
    model("gemini-3-flash", "Gemini 3 Flash", 1_765_929_600),
    model("gemini-3.1-pro", "Gemini 3.1 Pro", 1_771_459_200),
    model("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", 1_771_459_200),
    model("gemini-3.1-flash-image", "Gemini 3.1 Flash Image", 1_771_459_200),
    model("gemini-3.1-flash-lite", "Gemini 3.1 Flash Lite", 1_776_288_000),
    model("gemini-3-pro-image", "Gemini 3 Pro Image", 1_737_158_400),
    picture("imagen-4.0-generate-001", "Imagen 4.0 Generate", 1_750_000_000),
    picture("imagen-4.0-ultra-generate-001", "Imagen 4.0 Ultra Generate", 1_750_000_000),
    picture("imagen-3.0-generate-002", "Imagen 3.0 Generate", 1_740_000_000),
    picture("imagen-3.0-fast-generate-001", "Imagen 3.0 Fast Generate", 1_740_000_000),
    picture("imagen-4.0-fast-generate-001", "Imagen 4.0 Fast Generate", 1_750_000_000),
    model("gemini-3.5-flash", "Gemini 3.5 Flash", 1_779_235_200),
    model("gemini-3.5-flash-lite", "Gemini 3.5 Flash Lite", 1_782_864_000),
    model("gemini-3.6-flash", "Gemini 3.6 Flash", 1_782_864_000),
    model("gemini-3.7-flash", "Gemini 3.7 Flash"),
  ],
});
