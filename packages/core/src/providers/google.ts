import { GEMINI_FAMILIES } from "../families/index.ts";
import { defineProvider, type CatalogueModel, type Provider } from "./define-provider.ts";

const model = (id: string, displayName: string, created?: number): CatalogueModel =>
  ({ id, displayName, ...(created !== undefined && { created }), contextTokens: 1_048_576, maxOutputTokens: 65_536 });

/** Google's Gemini API with a key of AI Studio. ai.google.dev/gemini-api/docs/models (read 2026-11). */
export const google: Provider = defineProvider({
  id: "google", telemetryName: "gcp.gemini", name: "Google Gemini",
  baseUrl: "https://generativelanguage.googleapis.com",
  hosts: ["generativelanguage.googleapis.com"],
  // ai.google.dev/gemini-api/docs/openai (read 2026-11)
  lentPaths: ["/v1beta/openai"],
  dialects: { "gemini-generate-content": {} },
  auth: { kind: "api-key", header: "x-goog-api-key" },
  keyVariables: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
  listing: { path: "/v1beta/models?pageSize=1000", listAt: "models", idAt: "name", stripPrefix: "models/" },
  capabilities: { firstParty: true, validatedMode: true },
  models: GEMINI_FAMILIES,
  // An unknown key is told as a 400: "API key not valid. Please pass a valid API key."
  failures: [{ status: 400, match: /API_KEY_INVALID|API key not valid|API key expired/, kind: "credential-rejected", credentialWide: true }],
  catalogue: [
    model("gemini-2.5-pro", "Gemini 2.5 Pro", 1_750_118_400),
    model("gemini-2.5-flash", "Gemini 2.5 Flash", 1_750_118_400),
    model("gemini-2.5-flash-lite", "Gemini 2.5 Flash Lite", 1_753_142_400),
    model("gemini-3-pro-preview", "Gemini 3 Pro Preview", 1_737_158_400),
    model("gemini-3-pro-image-preview", "Gemini 3 Pro Image Preview", 1_737_158_400),
    model("gemini-3-flash-preview", "Gemini 3 Flash Preview", 1_765_929_600),
    model("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", 1_771_459_200),
    model("gemini-3.1-flash-image-preview", "Gemini 3.1 Flash Image Preview", 1_771_459_200),
    model("gemini-3.1-flash-lite-preview", "Gemini 3.1 Flash Lite Preview", 1_776_288_000),
    model("gemini-3.5-flash", "Gemini 3.5 Flash", 1_779_235_200),
    model("gemini-3.5-flash-lite", "Gemini 3.5 Flash Lite", 1_782_864_000),
    model("gemini-3.6-flash", "Gemini 3.6 Flash", 1_782_864_000),
    model("gemini-3.7-flash", "Gemini 3.7 Flash"),
  ],
});
