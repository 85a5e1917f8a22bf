import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listen, type Listening } from "./running.ts";

/** What one real provider once sent. */
export interface Recording {
  /** `folder/file` without its ending. */
  readonly name: string;
  readonly dialect: string;
  readonly streamed: boolean;
  /** One JSON text for each event; just one when it was not streamed. */
  readonly events: readonly string[];
}

/** Which dialect each folder of recordings speaks; every other one speaks OpenAI Chat. */
const DIALECT_OF: Readonly<Record<string, string>> = {
  anthropic: "anthropic-messages", google: "gemini-generate-content", "openai-responses": "openai-responses", "xai-responses": "openai-responses",
};

export function readRecordings(directory: string): readonly Recording[] {
  return readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap((folder) =>
    readdirSync(join(directory, folder.name)).sort().flatMap((file): Recording[] => {
      const text = readFileSync(join(directory, folder.name, file), "utf8");
      const name = `${folder.name}/${file.replace(/(\.chunks)?\.(txt|json)$/, "")}`;
      const dialect = DIALECT_OF[folder.name] ?? "openai-chat";
      if (file.endsWith(".chunks.txt")) {
        const streams = splitAfterEnds(text.split("\n").filter((line) => line.trim() !== ""));
        return streams.map((events, at) => ({ name: streams.length === 1 ? name : `${name}#${at + 1}`, dialect, streamed: true, events }));
      }
      return file.endsWith(".json") ? [{ name, dialect, streamed: false, events: [text] }] : [];
    }));
}

/** Some files hold the streams of several requests, one after the other. */
function splitAfterEnds(lines: readonly string[]): readonly (readonly string[])[] {
  const streams: string[][] = [[]];
  lines.forEach((line, at) => {
    streams.at(-1)?.push(line);
    if (/^\{"type": ?"(message_stop|response\.completed)"/.test(line) && at < lines.length - 1) streams.push([]);
  });
  return streams;
}

/** How each dialect's wire wraps an event, and how it ends. */
const WIRES: Readonly<Record<string, { readonly named: boolean; readonly end: string }>> = {
  "openai-chat": { named: false, end: "data: [DONE]\n\n" },
  "openai-responses": { named: true, end: "" },
  "anthropic-messages": { named: true, end: "" },
  "gemini-generate-content": { named: false, end: "" },
};

export function wireOf({ dialect, events }: Recording): string {
  const wire = WIRES[dialect];
  if (wire === undefined) throw new Error(`no wire of ${dialect}`);
  const name = (event: string): string => (wire.named ? `event: ${String((JSON.parse(event) as { type: string }).type)}\n` : "");
  return events.map((event) => `${name(event)}data: ${event}\n\n`).join("") + wire.end;
}

/** One way in which the same events may come off the wire, as the pieces that are sent one by one. */
export type Delivery = (wire: string) => readonly Uint8Array[];

const encoder = new TextEncoder();

function cut(bytes: Uint8Array, sizes: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = sizes();
    pieces.push(bytes.slice(at, at + size));
    at += size;
  }
  return pieces;
}

/** Numbers that look random and are the same each time. */
function sequence(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 1 + (state % 97);
  };
}

export const DELIVERIES: Readonly<Record<string, Delivery>> = {
  "whole events": (wire) => wire.split(/(?<=\n\n)/).map((event) => encoder.encode(event)),
  "single bytes": (wire) => cut(encoder.encode(wire), () => 1),
  "random pieces": (wire) => cut(encoder.encode(wire), sequence()),
  "CRLF": (wire) => cut(encoder.encode(wire.replaceAll("\n", "\r\n")), sequence()),
  "data: without a space": (wire) => [encoder.encode(wire.replace(/^(data|event): /gm, "$1:"))],
  "comments between": (wire) => wire.split(/(?<=\n\n)/).map((event) => encoder.encode(`: OPENROUTER PROCESSING\n\n${event}`)),
};

/** A provider that says again what it was told to say. */
export interface Replayer extends Listening {
  play(recording: Recording, delivery?: Delivery, status?: number): void;
}

export function startReplayer(): Replayer {
  let answer: () => Response = () => new Response(null, { status: 404 });
  return {
    ...listen(async (request) => {
      await request.text();
      return answer();
    }),
    play(recording, delivery = DELIVERIES["whole events"] as Delivery, status = 200) {
      answer = () => {
        if (!recording.streamed) return new Response(recording.events[0] ?? "", { status, headers: { "content-type": "application/json" } });
        const pieces = delivery(wireOf(recording));
        let next = 0;
        const body = new ReadableStream<Uint8Array>({
          pull(controller) {
            const piece = pieces[next++];
            if (piece === undefined) controller.close();
            else controller.enqueue(piece);
          },
        });
        return new Response(body, { status, headers: { "content-type": "text/event-stream" } });
      };
    },
  };
}
