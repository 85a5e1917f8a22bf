import { expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { asideOf } from "../define-provider.ts";
import { vertex } from "../vertex.ts";

const spoken = vertex.dialects["gemini-generate-content"] ?? {};

test("Vertex: paths of its own, whatever the client's began with", () => {
  expect(spoken.path?.("/v1beta/models/gemini-3-flash:generateContent")).toBe("/v1/publishers/google/models/gemini-3-flash:generateContent");
  expect(spoken.path?.("/v1/projects/p/locations/global/publishers/google/models/gemini-3-flash:countTokens")).toBe("/v1/publishers/google/models/gemini-3-flash:countTokens");
});

test("Vertex: calls and results without ids, and nothing else changed", () => {
  const body = {
    contents: [
      { role: "user", parts: [{ text: "Hello" }] },
      { role: "model", parts: [{ functionCall: { id: "c1", name: "f", args: { id: "kept" } }, thoughtSignature: "s" }] },
      { role: "user", parts: [{ functionResponse: { id: "c1", name: "f", response: { ok: true } } }] },
    ],
  };
  expect(spoken.patchRequest?.(body, "gemini-3-flash")).toEqual({
    contents: [
      { role: "user", parts: [{ text: "Hello" }] },
      { role: "model", parts: [{ functionCall: { name: "f", args: { id: "kept" } }, thoughtSignature: "s" }] },
      { role: "user", parts: [{ functionResponse: { name: "f", response: { ok: true } } }] },
    ],
  });
  const plain: JsonObject = { contents: [{ role: "user", parts: [{ text: "Hello" }] }] };
  expect(spoken.patchRequest?.(plain, "gemini-3-flash")).toBe(plain);
});

test("Imagen: a prompt of all texts in, pictures out", () => {
  const imagen = asideOf(spoken, "Imagen-4.0-generate-001");
  expect(asideOf(spoken, "gemini-3-flash")).toBeUndefined();
  expect(imagen?.path("/v1/publishers/google/models/imagen-4.0-generate-001:streamGenerateContent")).toBe("/v1/publishers/google/models/imagen-4.0-generate-001:predict");
  expect(imagen?.request({ contents: [{ role: "user", parts: [{ text: "A cat" }, { text: "in oil" }] }], generationConfig: { imageConfig: { aspectRatio: "16:9" } } }))
    .toEqual({ instances: [{ prompt: "A cat\nin oil" }], parameters: { sampleCount: 1, aspectRatio: "16:9" } });
  expect(imagen?.reply({ predictions: [{ bytesBase64Encoded: "AAAA" }, { bytesBase64Encoded: "BBBB", mimeType: "image/webp" }, { raiFilteredReason: "x" }] })).toEqual({
    candidates: [{
      index: 0, finishReason: "STOP",
      content: { role: "model", parts: [{ inlineData: { mimeType: "image/png", data: "AAAA" } }, { inlineData: { mimeType: "image/webp", data: "BBBB" } }] },
    }],
  });
});
