import { expect, test } from "bun:test";
import type { AttemptRecord } from "@dragoman/gateway";
import { JournalLines, readLines } from "./journal-lines.ts";

const RECORD: AttemptRecord = {
  requestId: "req_1", attempt: 1, startedAt: 1_790_000_000_000, durationMs: 7, firstEventMs: 3.5, principal: "key:1", keyId: 1, userId: 2, clientAddress: "127.0.0.1",
  endpoint: "POST /v1/messages", clientDialect: "a", upstreamDialect: "b", provider: "p", credential: "work …wxyz", credentialIndex: "0", modelAsked: "\"m\"\n", modelUpstream: "模型",
  modelAnswered: "m\\", streamed: true, passthrough: false, outcome: "failed", status: 500, failure: "unavailable", errorCode: "upstream_error", finishReason: "stop",
  reasoningEffort: "high", usage: { inputFresh: 0, native: { deep: ["\u0000 é 😀 \ud800", -10, 1e21, null, {}, []] } }, costNanoUsd: 9, losses: ["x", "y"],
};
const { keyId: _key, userId: _user, failure: _failure, usage: _usage, firstEventMs: _first, ...PLAIN } = RECORD;

function textOf(records: readonly AttemptRecord[], bytes = new Uint8Array(100_000)): string {
  const lines = new JournalLines();
  const told = new Set<number>();
  let at = 0;
  for (const record of records) at = lines.write(bytes, at, record, told);
  expect(at).toBeLessThanOrEqual(bytes.length);
  return new TextDecoder().decode(bytes);
}

test("a journal says all of its records, and their series once", () => {
  const records = [RECORD, PLAIN, { ...RECORD, keyId: 2 }, RECORD, { ...RECORD, losses: Array.from({ length: 500 }, () => "模型") }];
  const text = textOf(records);
  expect(readLines(text)).toEqual(records);
  expect(text.match(/"series"/g)).toHaveLength(3);
});

test("a record that does not fit says how long it is", () => {
  const lines = new JournalLines();
  const bytes = new Uint8Array(400);
  const length = lines.write(new Uint8Array(4000), 0, RECORD, new Set());
  expect(lines.write(bytes, 0, RECORD, new Set())).toBe(length);
  expect(readLines(new TextDecoder().decode(bytes))).toEqual([]);
});

test("what is left of an earlier round is whole, or nothing", () => {
  const lines = new JournalLines();
  const bytes = new Uint8Array(20_000);
  const first = Array.from({ length: 20 }, (_, at) => ({ ...RECORD, requestId: `old_${at}`, modelAnswered: `[1,"old",${"]".repeat(at)}` }));
  const told = new Set<number>();
  let at = 0;
  for (const record of first) at = lines.write(bytes, at, record, told);
  for (let length = 0; length < 5; length++) {
    const again = new Set<number>();
    let end = 0;
    for (let count = 0; count <= length; count++) end = lines.write(bytes, end, { ...RECORD, requestId: `new_${count}`, losses: ["x".repeat(length * 7)] }, again);
    const read = readLines(new TextDecoder().decode(bytes));
    expect(read.slice(0, length + 1).map(({ requestId }) => requestId)).toEqual(Array.from({ length: length + 1 }, (_, count) => `new_${count}`));
    for (const record of read.slice(length + 1)) expect(first).toContainEqual(record as never);
  }
});

test("lines of earlier versions are read as well, and rubbish is left out", () => {
  expect(readLines(`${JSON.stringify(RECORD)}\n[]\n[9,"x"]\n5\nnull\n{"series":1}\n{"a":\n`)).toEqual([RECORD]);
});
