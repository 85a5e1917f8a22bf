import { describe, expect, test } from "bun:test";
import { SSE_COMMENT, sseFrame, SseReader, type Frame } from "./sse.ts";

/** Reads the pieces; `truncated` is what the end says. */
function read(...pieces: readonly string[]): { frames: Frame[]; truncated: boolean } {
  const frames: Frame[] = [];
  const reader = new SseReader((frame) => void frames.push(frame));
  for (const piece of pieces) reader.push(piece);
  return { frames, truncated: reader.end() };
}

const STREAM = [
  ": welcome\n\n",
  'event: start\ndata: {"a":1}\n\n',
  'data: {"text":"größe 🔧"}\n\n',
  ": keep-alive\n\n",
  "id: 7\nretry: 1000\nunknown: x\nevent: two\ndata: first\ndata: second\n\n",
  "data:no space\n\n",
  "data:  two spaces\n\n",
  "data\n\n",
  "data:\n\n",
  "event: nothing\n\n",
  'data: {"after":"an event without data"}\n\n',
  "data: [DONE]\n\n",
].join("");

const FRAMES: Frame[] = [
  { event: "start", data: '{"a":1}' },
  { event: "", data: '{"text":"größe 🔧"}' },
  { event: "two", data: "first\nsecond" },
  { event: "", data: "no space" },
  { event: "", data: " two spaces" },
  { event: "", data: "" },
  { event: "", data: "" },
  { event: "", data: '{"after":"an event without data"}' },
  { event: "", data: "[DONE]" },
];

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function cut(text: string, random: () => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = Math.floor(random() * 12);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const ENDINGS = [["line feeds", "\n"], ["carriage returns with line feeds", "\r\n"], ["carriage returns", "\r"]] as const;

describe.each(ENDINGS)("lines that end in %s", (_name, ending) => {
  const stream = STREAM.replaceAll("\n", ending);

  test("whole", () => {
    expect(read(stream)).toEqual({ frames: FRAMES, truncated: false });
  });

  test("one character at a time", () => {
    expect(read(...stream.split(""))).toEqual({ frames: FRAMES, truncated: false });
  });

  test("cut in two anywhere", () => {
    for (let at = 0; at <= stream.length; at++) expect(read(stream.slice(0, at), stream.slice(at))).toEqual({ frames: FRAMES, truncated: false });
  });

  test("in random pieces, empty ones among them", () => {
    for (let seed = 1; seed <= 200; seed++) expect(read(...cut(stream, randomOf(seed)))).toEqual({ frames: FRAMES, truncated: false });
  });

  test("an event is delivered with the piece that ends it, not with the next one", () => {
    const frames: Frame[] = [];
    const reader = new SseReader((frame) => void frames.push(frame));
    reader.push(`data: 1${ending}${ending}`);
    expect(frames).toHaveLength(1);
    reader.push(`data: 2${ending}`);
    expect(frames).toHaveLength(1);
    reader.push(ending);
    expect(frames).toHaveLength(2);
  });
});

describe("odd streams", () => {
  test("line ends of all kinds in one stream, in any pieces", () => {
    const stream = "data: 1\r\n\ndata: 2\r\rdata: 3\n\r\ndata: 4\r\n\r\n";
    const frames = ["1", "2", "3", "4"].map((data) => ({ event: "", data }));
    expect(read(stream).frames).toEqual(frames);
    expect(read(...stream.split("")).frames).toEqual(frames);
    for (let seed = 1; seed <= 50; seed++) expect(read(...cut(stream, randomOf(seed))).frames).toEqual(frames);
  });

  test("a byte order mark is skipped at the start, and only there", () => {
    expect(read("\ufeffdata: 1\n\n").frames).toEqual([{ event: "", data: "1" }]);
    expect(read("\ufeff", "data: 1\n\n").frames).toEqual([{ event: "", data: "1" }]);
    expect(read("", "\ufeffdata: 1\n\n").frames).toEqual([{ event: "", data: "1" }]);
    expect(read("data: \ufeff\n\n").frames).toEqual([{ event: "", data: "\ufeff" }]);
  });

  test("comments between the lines of an event", () => {
    expect(read("event: e\n: one\ndata: 1\n:two\ndata: 2\n\n").frames).toEqual([{ event: "e", data: "1\n2" }]);
  });

  test("fields that only begin like data or event are other fields", () => {
    expect(read("database: x\ndata1: y\neventual: z\ndata: 1\n\n").frames).toEqual([{ event: "", data: "1" }]);
  });

  test("an event's name without a value is no name", () => {
    expect(read("event\ndata: 1\n\n").frames).toEqual([{ event: "", data: "1" }]);
    expect(read("event: a\nevent:\ndata: 1\n\n").frames).toEqual([{ event: "", data: "1" }]);
    expect(read("event: a\nevent\ndata: 1\n\n").frames).toEqual([{ event: "", data: "1" }]);
  });

  test("nothing, comments and blank lines make no events", () => {
    expect(read()).toEqual({ frames: [], truncated: false });
    expect(read("\n\n\n", SSE_COMMENT, "\r\n\r\n")).toEqual({ frames: [], truncated: false });
  });
});

describe("#109 one event of 20 MB", () => {
  const data = JSON.stringify({ image: "A".repeat(20 * 1024 * 1024) });

  test("in one piece", () => {
    const { frames } = read(`data: ${data}\n\n`);
    expect(frames.length).toBe(1);
    expect(frames[0]?.data === data).toBe(true);
  });

  test.each(ENDINGS)("in pieces of 16 KB, lines ending in %s: not searched again with each piece", (_name, ending) => {
    const stream = `data: ${data}${ending}${ending}`;
    const pieces = Array.from({ length: Math.ceil(stream.length / 16_384) }, (_, index) => stream.slice(index * 16_384, (index + 1) * 16_384));
    const start = performance.now();
    const { frames } = read(...pieces);
    expect(frames.length).toBe(1);
    expect(frames[0]?.data === data).toBe(true);
    // Searching all of it with each of the 1280 pieces would be 13 GB of characters.
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("a stream that ends too early", () => {
  test("a last event without its blank line is delivered if its data is whole", () => {
    expect(read('data: {"a":1}\n')).toEqual({ frames: [{ event: "", data: '{"a":1}' }], truncated: false });
    expect(read('event: e\ndata: {"a":1}')).toEqual({ frames: [{ event: "e", data: '{"a":1}' }], truncated: false });
    expect(read("data: [DONE]")).toEqual({ frames: [{ event: "", data: "[DONE]" }], truncated: false });
    expect(read('data: {"a":1}\r')).toEqual({ frames: [{ event: "", data: '{"a":1}' }], truncated: false });
  });

  test("a last event that is cut is not delivered, and the end says so", () => {
    for (const tail of ['data: {"a":', 'data: {"a":1}\ndata: {"b"', "data: [DO", "data:"]) {
      expect(read("data: 1\n\n", tail)).toEqual({ frames: [{ event: "", data: "1" }], truncated: true });
    }
  });

  test("a cut in the name of a field", () => {
    for (const tail of ["dat", "d", "event: x", "e", ": comm"]) expect(read("data: 1\n\n", tail).frames).toEqual([{ event: "", data: "1" }]);
  });

  test("after the end nothing comes twice", () => {
    const frames: Frame[] = [];
    const reader = new SseReader((frame) => void frames.push(frame));
    reader.push("data: 1");
    expect(reader.end()).toBe(false);
    expect(reader.end()).toBe(false);
    expect(frames).toHaveLength(1);
  });
});

describe("writing", () => {
  test("what is written can be read", () => {
    expect(sseFrame('{"a":1}')).toBe('data: {"a":1}\n\n');
    expect(sseFrame("1", "ping")).toBe("event: ping\ndata: 1\n\n");
    expect(read(sseFrame("1", "ping"), SSE_COMMENT, sseFrame("2"))).toEqual({ frames: [{ event: "ping", data: "1" }, { event: "", data: "2" }], truncated: false });
  });
});
