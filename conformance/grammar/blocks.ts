import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/** One event as it stands in the bytes. */
export interface Block {
  readonly event: string | undefined;
  readonly data: string;
  /** The data as an object, when it is one. */
  readonly value: JsonObject;
}

/** Collects what a stream does wrong. */
export class Faults {
  readonly found: string[] = [];

  expect(condition: boolean, fault: string): void {
    if (!condition) this.found.push(fault);
  }
}

/** Cuts a stream as the strictest of the clients does: by blank lines, `event: ` and `data: ` with their space. */
export function blocksOf(text: string, faults: Faults): readonly Block[] {
  faults.expect(text === "" || text.endsWith("\n\n"), "the last event has no blank line after it");
  return text.split("\n\n").filter((block) => block !== "" && !block.startsWith(":")).map((block) => {
    const lines = block.split("\n");
    const event = lines.find((line) => line.startsWith("event: "))?.slice(7);
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
    faults.expect(lines.every((line) => line.startsWith("event: ") || line.startsWith("data: ")), `a line that no client reads: ${block.slice(0, 80)}`);
    faults.expect(data !== "", `an event without data: ${block.slice(0, 80)}`);
    return { event, data, value: parsed(data) };
  });
}

function parsed(data: string): JsonObject {
  try {
    const value = JSON.parse(data) as Json;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function objectAt(value: JsonObject, key: string): JsonObject {
  const member = value[key];
  return isJsonObject(member) ? member : {};
}

export function listAt(value: JsonObject, key: string): readonly JsonObject[] {
  const member = value[key];
  return Array.isArray(member) ? member.filter(isJsonObject) : [];
}
