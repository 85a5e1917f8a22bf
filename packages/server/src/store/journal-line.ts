import { membersOf, SeriesMemory, type AttemptRecord, type SeriesMembers } from "@dragoman/gateway";

/** What of a record its series does not say; each member must be named here. */
type Rest = { readonly [Member in Exclude<keyof AttemptRecord, keyof SeriesMembers>]-?: unknown };

/** Series whose text is remembered. */
const REMEMBERED = 5_000;
/** Most records are shorter; the rest makes it grow. Bytes. */
const FIRST_SIZE = 16_384;
const LINE_FEED = 10;
const COMMA = 44;

const encoder = new TextEncoder();

/**
 * Writes records as lines of JSON into one piece of memory that is used again and again: what records of a series have
 * alike is text already, and no string is put together only to be taken apart.
 */
export class JournalLine {
  bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  readonly #heads = new SeriesMemory<Uint8Array>(REMEMBERED);

  /** @returns the length of the line in `bytes`, its line feed included */
  write(record: AttemptRecord): number {
    const head = this.#headOf(record);
    const rest = JSON.stringify(restOf(record));
    // A character of JSON is three bytes at most.
    const most = head.length + rest.length * 3 + 1;
    if (most > this.bytes.length) this.bytes = new Uint8Array(most);
    this.bytes.set(head);
    const { written } = encoder.encodeInto(rest, this.bytes.subarray(head.length));
    // Where the rest's own brace was.
    this.bytes[head.length] = COMMA;
    const length = head.length + written;
    this.bytes[length] = LINE_FEED;
    return length + 1;
  }

  /** An object without its closing brace. */
  #headOf(record: AttemptRecord): Uint8Array {
    let head = this.#heads.get(record);
    if (head === undefined) {
      head = encoder.encode(JSON.stringify(membersOf(record)).slice(0, -1));
      this.#heads.set(record, head);
    }
    return head;
  }
}

/** JSON leaves absent members out. */
function restOf(record: AttemptRecord): Rest {
  return {
    requestId: record.requestId, attempt: record.attempt, startedAt: record.startedAt, durationMs: record.durationMs, firstEventMs: record.firstEventMs,
    clientAddress: record.clientAddress, modelAnswered: record.modelAnswered, streamed: record.streamed, passthrough: record.passthrough,
    outcome: record.outcome, status: record.status, failure: record.failure, errorCode: record.errorCode, finishReason: record.finishReason,
    reasoningEffort: record.reasoningEffort, usage: record.usage, costNanoUsd: record.costNanoUsd, losses: record.losses,
  };
}
