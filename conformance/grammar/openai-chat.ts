import { listAt, objectAt, type Block, type Faults } from "./blocks.ts";

const FINISHES = ["stop", "length", "tool_calls", "content_filter", "function_call"];

interface Choice {
  role: number;
  finish: number;
  /** Calls by their index, in order. */
  calls: number;
}

/** OpenAI SDK 6.49, `chat.completions.stream`, run against a loopback server (2026-11). */
export function chatFaults(blocks: readonly Block[], faults: Faults, failed: boolean): void {
  faults.expect(blocks.every(({ event }) => event === undefined), "an `event:` line");
  faults.expect(blocks.at(-1)?.data === "[DONE]", "[DONE] is not the last event");
  faults.expect(blocks.filter(({ data }) => data === "[DONE]").length <= 1, "two [DONE]");
  const chunks = blocks.filter(({ data }) => data !== "[DONE]");
  const errors = chunks.filter(({ value }) => value.error !== undefined);
  faults.expect(failed ? errors.length === 1 && chunks.at(-1) === errors[0] : errors.length === 0, failed ? "the error is not the last chunk" : "an error in a good stream");
  const choices = new Map<number, Choice>();
  const heads = new Set<string>();
  for (const { value } of chunks) {
    if (value.error !== undefined) continue;
    heads.add(JSON.stringify([value.id, value.created, value.model]));
    faults.expect(value.object === "chat.completion.chunk" && Array.isArray(value.choices), "a chunk without object or choices");
    faults.expect(typeof value.created === "number" && value.created > 0, "a chunk without its time");
    for (const choice of listAt(value, "choices")) readChoice(choice, choices, faults);
  }
  faults.expect(heads.size <= 1, "id, time and model change between chunks");
  for (const [index, { role, finish }] of choices) {
    faults.expect(role === 1, `choice ${index}: the role comes ${role} times`);
    faults.expect(finish === (failed ? 0 : 1), `choice ${index}: ${finish} finishes`);
  }
  if (!failed) faults.expect(choices.size > 0, "no choice at all");
}

function readChoice(wire: Block["value"], choices: Map<number, Choice>, faults: Faults): void {
  const index = Number(wire.index);
  const choice = choices.get(index) ?? { role: 0, finish: 0, calls: 0 };
  const delta = objectAt(wire, "delta");
  faults.expect(choice.finish === 0, "a chunk after the finish");
  if (delta.role !== undefined) {
    faults.expect(!choices.has(index), "the role is not in the first chunk");
    choice.role++;
  }
  choices.set(index, choice);
  for (const call of listAt(delta, "tool_calls")) readCall(call, choice, faults);
  if (wire.finish_reason === null || wire.finish_reason === undefined) return;
  choice.finish++;
  faults.expect(FINISHES.includes(String(wire.finish_reason)), `finish_reason ${String(wire.finish_reason)}`);
}

function readCall(call: Block["value"], choice: Choice, faults: Faults): void {
  const index = Number(call.index);
  if (index < choice.calls) {
    faults.expect(call.id === undefined && call.type === undefined && objectAt(call, "function").name === undefined, "id, type or name of a call comes twice");
    return;
  }
  faults.expect(index === choice.calls, `call index ${index}, expected ${choice.calls}`);
  const named = call.type === "custom" ? objectAt(call, "custom") : objectAt(call, "function");
  faults.expect(typeof call.id === "string" && call.id !== "" && typeof call.type === "string" && typeof named.name === "string" && named.name !== "", "the first delta of a call lacks id, type or name");
  choice.calls = index + 1;
}
