import { membersOf, SeriesMemory, type AttemptRecord, type SeriesMembers } from "@dragoman/gateway";
import { writeBytes, writeList } from "./json-bytes.ts";

// A journal has two kinds of lines. `{"series":7,"members":{…}}` says once what thousands of records have alike; a list
// is one record: the number of its series, then its own members in this order. Absent members are null.

/** Each member of a record that its series does not say, or it would be lost. */
const PLACES: Readonly<Record<Exclude<keyof AttemptRecord, keyof SeriesMembers>, true>> = {
  requestId: true, attempt: true, startedAt: true, durationMs: true, firstEventMs: true, clientAddress: true, modelAnswered: true, streamed: true, passthrough: true, outcome: true, status: true,
  failure: true, errorCode: true, finishReason: true, reasoningEffort: true, usage: true, costNanoUsd: true, losses: true,
};
const RECORD_MEMBERS = Object.keys(PLACES);

/** Series whose text is remembered. */
const REMEMBERED = 5_000;
const LINE_FEED = 10;

const encoder = new TextEncoder();

interface Series {
  /** Never given to another one by this process. */
  readonly number: number;
  /** Its line. */
  readonly line: Uint8Array;
}

/** Writes records as lines, straight into the memory of a journal. */
export class JournalLines {
  readonly #series = new SeriesMemory<Series>(REMEMBERED);
  #last = 0;

  /** `told`: the series that this journal has lines of; gets another one if need be. @returns where the next line goes; beyond the end: it did not fit */
  write(bytes: Uint8Array, start: number, record: AttemptRecord, told: Set<number>): number {
    const series = this.#series.get(record) ?? this.#newSeries(record);
    let at = start;
    if (!told.has(series.number)) {
      at = writeBytes(bytes, at, series.line);
      if (at <= bytes.length) told.add(series.number);
    }
    at = writeList(bytes, at, valuesOf(record, series.number));
    bytes[at] = LINE_FEED;
    return at + 1;
  }

  #newSeries(record: AttemptRecord): Series {
    const number = ++this.#last;
    const series = { number, line: encoder.encode(`${JSON.stringify({ series: number, members: membersOf(record) })}\n`) };
    this.#series.set(record, series);
    return series;
  }
}

/** In the order of `RECORD_MEMBERS`. */
function valuesOf(record: AttemptRecord, series: number): readonly unknown[] {
  return [
    series, record.requestId, record.attempt, record.startedAt, record.durationMs, record.firstEventMs, record.clientAddress, record.modelAnswered, record.streamed, record.passthrough,
    record.outcome, record.status, record.failure, record.errorCode, record.finishReason, record.reasoningEffort, record.usage, record.costNanoUsd, record.losses,
  ];
}

/** The records of a journal. What a dying process wrote in part, and what was written over in part, is left out. */
export function readLines(text: string): readonly AttemptRecord[] {
  const members = new Map<unknown, SeriesMembers>();
  return text.split("\n").flatMap((line) => {
    const value = parse(line);
    if (Array.isArray(value)) {
      const [series, ...own] = value as unknown[];
      const known = members.get(series);
      return known === undefined || own.length !== RECORD_MEMBERS.length ? [] : [{ ...known, ...namedMembers(own) }];
    }
    if (typeof value !== "object" || value === null) return [];
    if ("series" in value && "members" in value) members.set(value.series, value.members as SeriesMembers);
    // As versions before wrote them.
    return "requestId" in value ? [value as AttemptRecord] : [];
  });
}

function namedMembers(values: readonly unknown[]): Omit<AttemptRecord, keyof SeriesMembers> {
  return Object.fromEntries(RECORD_MEMBERS.flatMap((name, at) => (values[at] === null ? [] : [[name, values[at]]]))) as unknown as Omit<AttemptRecord, keyof SeriesMembers>;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
