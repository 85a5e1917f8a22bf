import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Violation } from "../simulation.ts";

/** Collects what a request does wrong. */
export class Checker {
  readonly violations: Violation[] = [];

  /** Notes a violation unless the condition holds. */
  expect(condition: boolean, path: string, message: string): void {
    if (!condition) this.violations.push({ path, message });
  }

  /** No member but these; providers answer "Extra inputs are not permitted" or "Unknown parameter". */
  onlyKeys(object: JsonObject, allowed: readonly string[], path: string): void {
    for (const [key, value] of Object.entries(object)) {
      if (value !== undefined) this.expect(allowed.includes(key), path === "" ? key : `${path}.${key}`, "Extra inputs are not permitted");
    }
  }
}

export function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Text of a string, or of the parts of a list. */
export function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return objects(value).map((part) => (typeof part.text === "string" ? part.text : "")).join("");
}

/** Cuts a text into pieces of a few characters, as streams do. */
export function pieces(text: string, size = 7): readonly string[] {
  return text.match(new RegExp(`[\\s\\S]{1,${size}}`, "gu")) ?? [];
}
