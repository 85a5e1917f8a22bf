const encoder = new TextEncoder();

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** The first character that is no visible ASCII. */
const DELETE = 127;

/**
 * Writes a value as JSON straight into a piece of memory, as `JSON.stringify` would: for something as small as a record, a
 * string in between and an encoder cost several times as much. Of an object, absent members are left out.
 * What lies beyond the end of the memory is not written, but counted.
 * @returns where the next byte goes; beyond the end: it did not fit
 */
function writeJson(bytes: Uint8Array, at: number, value: unknown): number {
  if (typeof value === "number") return writeNumber(bytes, at, value);
  if (typeof value === "string") return writeText(bytes, at, value);
  if (typeof value !== "object" || value === null) return writeWord(bytes, at, value === true ? "true" : value === false ? "false" : "null");
  return Array.isArray(value) ? writeList(bytes, at, value) : writeObject(bytes, at, value as Readonly<Record<string, unknown>>);
}

export function writeList(bytes: Uint8Array, start: number, values: readonly unknown[]): number {
  let at = start;
  bytes[at++] = OPEN_LIST;
  for (let index = 0; index < values.length; index++) {
    if (index > 0) bytes[at++] = COMMA;
    at = writeJson(bytes, at, values[index]);
  }
  bytes[at] = CLOSE_LIST;
  return at + 1;
}

function writeObject(bytes: Uint8Array, start: number, value: Readonly<Record<string, unknown>>): number {
  let at = start;
  let before = OPEN_OBJECT;
  for (const name in value) {
    const member = value[name];
    if (member === undefined) continue;
    bytes[at] = before;
    at = writeText(bytes, at + 1, name);
    bytes[at] = COLON;
    at = writeJson(bytes, at + 1, member);
    before = COMMA;
  }
  if (before === OPEN_OBJECT) bytes[at++] = OPEN_OBJECT;
  bytes[at] = CLOSE_OBJECT;
  return at + 1;
}

/** Nearly all are plain; the others are begun anew. */
function writeText(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  bytes[at++] = QUOTE;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code >= DELETE || code === QUOTE || code === BACKSLASH) return writeBytes(bytes, start, encoder.encode(JSON.stringify(text)));
    bytes[at++] = code;
  }
  bytes[at] = QUOTE;
  return at + 1;
}

function writeNumber(bytes: Uint8Array, start: number, value: number): number {
  if (!Number.isSafeInteger(value)) return writeWord(bytes, start, JSON.stringify(value));
  let at = start;
  let rest = value;
  if (rest < 0) {
    bytes[at++] = MINUS;
    rest = -rest;
  }
  let end = at + 1;
  for (let power = 10; power <= rest; power *= 10) end++;
  at = end;
  do {
    const tenth = Math.floor(rest / 10);
    bytes[--end] = ZERO + (rest - tenth * 10);
    rest = tenth;
  } while (rest > 0);
  return at;
}

/** ASCII. */
function writeWord(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
  return at;
}

/** @returns where the next byte goes; beyond the end: they did not fit */
export function writeBytes(bytes: Uint8Array, start: number, given: Uint8Array): number {
  let at = start;
  for (let index = 0; index < given.length; index++) bytes[at++] = given[index] ?? 0;
  return at;
}
