import type { JsonObject } from "../../canonical/index.ts";
import type { ModelInfo } from "../dialect.ts";
import { present } from "../../wire/present.ts";

export function encodeModel(model: ModelInfo): JsonObject {
  return present<JsonObject>({
    name: `models/${model.id}`,
    version: "001",
    displayName: model.displayName ?? model.id,
    inputTokenLimit: model.contextTokens,
    outputTokenLimit: model.maxOutputTokens,
    supportedGenerationMethods: ["generateContent", "streamGenerateContent", "countTokens"],
  });
}

export function encodeList(models: readonly ModelInfo[]): JsonObject {
  return { models: models.map(encodeModel) };
}
