import { expect } from "bun:test";
import { at, toldError, type DialectId, type WireEvent } from "./calls.ts";

/** Events of each simulator before the first text: handshakes, which commit nobody to anything. */
export const PREAMBLE: Readonly<Record<DialectId, number>> = { "openai-chat": 1, "openai-responses": 2, "anthropic-messages": 2, "gemini-generate-content": 0 };

/** So many events of each simulator hold at least one piece of text, and no end. */
export const BEGUN: Readonly<Record<DialectId, number>> = { "openai-chat": 3, "openai-responses": 6, "anthropic-messages": 5, "gemini-generate-content": 2 };

/** The form in which each dialect tells of an error in a stream that has begun. Returns its message. */
const ERROR_ENDS: Readonly<Record<DialectId, (events: readonly WireEvent[]) => string>> = {
  "openai-chat": (events) => {
    expect(events.some(({ value }) => typeof at(value, "choices", 0, "finish_reason") === "string")).toBe(false);
    expect(events.every(({ event }) => event === undefined)).toBe(true);
    const told = events.at(-1)?.data === "[DONE]" ? events.at(-2) : events.at(-1);
    expect(at(told?.value, "choices")).toBeUndefined();
    return toldError("openai-chat", told?.value).message;
  },
  "openai-responses": (events) => {
    const last = events.at(-1);
    if (at(last?.value, "type") === "error") return String(at(last?.value, "message"));
    expect(last?.event).toBe("response.failed");
    expect(at(last?.value, "type")).toBe("response.failed");
    expect(at(last?.value, "response", "status")).toBe("failed");
    expect(typeof at(last?.value, "response", "error", "code")).toBe("string");
    expect(events.some(({ event }) => event === "response.completed" || event === "response.incomplete")).toBe(false);
    return String(at(last?.value, "response", "error", "message"));
  },
  "anthropic-messages": (events) => {
    const last = events.at(-1);
    expect(last?.event).toBe("error");
    expect(events.some(({ event }) => event === "message_delta" || event === "message_stop")).toBe(false);
    expect(toldError("anthropic-messages", last?.value).type).toMatch(/_error$/);
    return toldError("anthropic-messages", last?.value).message;
  },
  "gemini-generate-content": (events) => {
    const last = events.at(-1)?.value;
    expect(events.every(({ event }) => event === undefined)).toBe(true);
    expect(events.some(({ value }) => at(value, "candidates", 0, "finishReason") !== undefined)).toBe(false);
    expect(at(last, "error", "code")).toBeNumber();
    return toldError("gemini-generate-content", last).message;
  },
};

/** Expects that a stream ends as its dialect tells errors, with nothing after it. @returns the message */
export function expectErrorEnd(dialect: DialectId, events: readonly WireEvent[]): string {
  const message = ERROR_ENDS[dialect](events);
  expect(message).not.toBe("");
  expect(message).not.toBe("undefined");
  return message;
}
