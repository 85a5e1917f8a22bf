import { cutAtStops, estimateMissingUsage, SseReader, type Dialect, type EmitEvent, type Exchange, type Frame, type GenerateEvent, type Json } from "@dragoman/core";

/** What the gateway's pump does, without the waiting: bytes of an upstream in, text for the client out. */
export function translateStream(pieces: readonly Uint8Array[], upstream: Dialect, client: Dialect, exchange: Exchange): { readonly text: string; readonly events: readonly GenerateEvent[] } {
  let text = "";
  let done = false;
  const events: GenerateEvent[] = [];
  const encoder = client.createStreamEncoder(exchange, (piece) => {
    text += piece;
  });
  const emit = refine(exchange, (event) => {
    if (event.type === "response-end" || event.type === "error") done = true;
    events.push(event);
    encoder.push(event);
  });
  const decoder = upstream.createStreamDecoder(exchange, emit);
  const reader = new SseReader((frame) => {
    if (!done) decoder.push(frame);
  });
  const bytes = new TextDecoder();
  for (const piece of pieces) reader.push(bytes.decode(piece, { stream: true }));
  const truncated = reader.end();
  if (!done) decoder.end(truncated);
  return { text, events };
}

function refine(exchange: Exchange, emit: EmitEvent): EmitEvent {
  const estimated = estimateMissingUsage(400, emit, () => exchange.report({ code: "usage-estimated", path: "usage", action: "synthesised" }));
  const stops = exchange.emulatedStops;
  return stops === undefined || stops.length === 0 ? estimated : cutAtStops(stops, estimated, () => undefined);
}

/** A stream's text as its events, with their data parsed where it is JSON. */
export function parseStream(text: string): readonly Json[] {
  if (text.startsWith("[")) return JSON.parse(text) as readonly Json[];
  const frames: Frame[] = [];
  const reader = new SseReader((frame) => frames.push(frame));
  reader.push(text);
  reader.end();
  return frames.map(({ event, data }) => ({ event, data: parsed(data) }));
}

function parsed(data: string): Json {
  try {
    return JSON.parse(data) as Json;
  } catch {
    return data;
  }
}

/** The same stream cut and dressed in every way that a network or a server may choose. */
export function chunkings(text: string, seed: number): ReadonlyMap<string, readonly Uint8Array[]> {
  const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
  const whole = encode(text);
  return new Map([
    ["in one chunk", [whole]],
    ["byte by byte", [...whole].map((byte) => Uint8Array.of(byte))],
    ["in random pieces", randomPieces(whole, seed)],
    ["with CRLF", randomPieces(encode(text.replaceAll("\n", "\r\n")), seed + 1)],
    ["without a space after data:", [encode(text.replaceAll(/^data: /gm, "data:"))]],
    ["with comments between", [encode(`: hello\n\n${text.replaceAll("\n\n", "\n\n: still here\n\n")}`)]],
  ]);
}

function randomPieces(bytes: Uint8Array, seed: number): readonly Uint8Array[] {
  const random = seededRandom(seed);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * 40);
    pieces.push(bytes.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** Mulberry32: the same numbers for the same seed, in every runtime. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
