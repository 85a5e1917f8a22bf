import { isJsonObject, type Json } from "@dragoman/core";

/** What an expected file may say instead of a value that nobody can foresee. */
const MATCHERS: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  $any: (value) => value !== undefined,
  $string: (value) => typeof value === "string" && value !== "",
  $count: (value) => typeof value === "number" && Number.isInteger(value) && value > 0,
  /** Words for people, without markup. */
  $plain: (value) => typeof value === "string" && value !== "" && !/[<>]/.test(value),
  /** An id that was made here, with letters that every vendor takes. */
  $callId: (value) => typeof value === "string" && /^(call|toolu)_[A-Za-z0-9]{24}$/.test(value),
  /** Sealed reasoning of another vendor, wrapped for its journey through the client. */
  $envelope: (value) => typeof value === "string" && /^gwr1\.[a-z]+\.[a-z]+\.[a-z-]+\.[\w-]+\.[\w-]+$/.test(value),
};

/** A text of which only this much is settled. */
const TEXT_MATCHERS: readonly (readonly [string, (text: string, piece: string) => boolean])[] = [
  ["$contains ", (text, piece) => text.includes(piece)],
  ["$starts ", (text, piece) => text.startsWith(piece)],
];

/** In an expected object: other members may stand beside these. For objects that mostly echo the request. */
const OPEN = "$more";

/** Where two values differ, each as a sentence with its path. Order of members does not matter, order of elements does. */
export function differences(expected: Json | undefined, actual: Json | undefined, path = "$"): readonly string[] {
  if (typeof expected === "string" && MATCHERS[expected] !== undefined) {
    return MATCHERS[expected](actual) ? [] : [`${path}: expected ${expected}, found ${show(actual)}`];
  }
  const [word, holds] = TEXT_MATCHERS.find(([word]) => typeof expected === "string" && expected.startsWith(word)) ?? [];
  if (word !== undefined && holds !== undefined) {
    return typeof actual === "string" && holds(actual, String(expected).slice(word.length)) ? [] : [`${path}: expected ${show(expected)}, found ${show(actual)}`];
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, at) => differences(expected[at] as Json | undefined, actual[at] as Json | undefined, `${path}[${at}]`)).flat();
  }
  if (isJsonObject(expected) && isJsonObject(actual)) {
    const { [OPEN]: isOpen, ...members } = expected;
    const keys = new Set([...Object.keys(members), ...(isOpen === true ? [] : Object.keys(actual))]);
    return [...keys].flatMap((key) => differences(members[key], actual[key], `${path}.${key}`));
  }
  return expected === actual ? [] : [`${path}: expected ${show(expected)}, found ${show(actual)}`];
}

function show(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** The value as it is after a journey over the wire: members that are `undefined` are gone. */
export function asSent(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
