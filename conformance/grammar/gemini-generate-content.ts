import { isJsonObject, type Json } from "@dragoman/core";
import { listAt, objectAt, type Block, type Faults } from "./blocks.ts";

/** Google SDK 2.32, `generateContentStream`, run against a loopback server, and the Gemini CLI's parser (2026-11). */
 
export function geminiFaults(blocks: readonly Block[], faults: Faults, failed: boolean, unwrap: (value: Block["value"]) => Json): void {
  faults.expect(blocks.every(({ event }) => event === undefined), "an `event:` line");
  faults.expect(blocks.every(({ data }) => data !== "[DONE]"), "[DONE]");
  const chunks = blocks.map(({ value }) => unwrap(value)).map((value) => (isJsonObject(value) ? value : {}));
  const errors = chunks.filter(({ error }) => error !== undefined);
  faults.expect(failed ? errors.length === 1 && chunks.at(-1) === errors[0] : errors.length === 0, failed ? "the error is not the last chunk" : "an error in a good stream");
  const finishes = new Map<number, number>();
  for (const chunk of chunks) {
    for (const candidate of listAt(chunk, "candidates")) {
      const index = Number(candidate.index ?? 0);
      faults.expect(!finishes.has(index), "a chunk after the finish");
      if (candidate.finishReason !== undefined) finishes.set(index, 1);
      for (const part of listAt(objectAt(candidate, "content"), "parts")) readPart(part, faults);
    }
  }
  if (failed) {
    faults.expect(finishes.size === 0, "a finish before the error");
    return;
  }
  const last = chunks.at(-1) ?? {};
  faults.expect(listAt(last, "candidates").some(({ finishReason }) => typeof finishReason === "string"), "the final chunk has no finishReason");
  // Each count may be missing: the upstream may not know it.
  faults.expect(Object.values(objectAt(last, "usageMetadata")).some((count) => Number.isInteger(count)), "the final chunk has no usageMetadata");
}

const DATA = ["text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult"];

function readPart(part: Block["value"], faults: Faults): void {
  faults.expect(DATA.filter((key) => part[key] !== undefined).length === 1, `a part with ${Object.keys(part).join(", ")}`);
  if (part.functionCall === undefined) return;
  const call = objectAt(part, "functionCall");
  faults.expect(typeof call.name === "string" && call.name !== "" && (call.args === undefined || isJsonObject(call.args)), "a function call without name or with arguments that are no object");
}
