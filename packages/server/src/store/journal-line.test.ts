import { expect, test } from "bun:test";
import type { AttemptRecord } from "@dragoman/gateway";
import { JournalLine } from "./journal-line.ts";

const RECORD: AttemptRecord = {
  requestId: "req_1", attempt: 1, startedAt: 5, durationMs: 7, firstEventMs: 3, principal: "key:1", keyId: 1, userId: 2, clientAddress: "127.0.0.1",
  endpoint: "POST /v1/messages", clientDialect: "a", upstreamDialect: "b", provider: "p", credential: "work …wxyz", credentialIndex: "0", modelAsked: "\"m\"\n", modelUpstream: "模型",
  modelAnswered: "m", streamed: true, passthrough: false, outcome: "failed", status: 500, failure: "unavailable", errorCode: "upstream_error", finishReason: "stop",
  reasoningEffort: "high", usage: { inputFresh: 1, native: { deep: ["\u0000 é 😀"] } }, costNanoUsd: 9, losses: ["x"],
};

function read(line: JournalLine, record: AttemptRecord): unknown {
  const length = line.write(record);
  const text = new TextDecoder().decode(line.bytes.subarray(0, length));
  expect(text.indexOf("\n")).toBe(text.length - 1);
  return JSON.parse(text);
}

test("a line says all of its record, and the next one nothing of it", () => {
  const line = new JournalLine();
  const { keyId: _key, userId: _user, failure: _failure, usage: _usage, ...plain } = RECORD;
  for (const record of [RECORD, plain, { ...RECORD, keyId: 2 }, RECORD]) expect(read(line, record)).toEqual(record);
});

test("long records fit as well", () => {
  const line = new JournalLine();
  const long = { ...RECORD, losses: Array.from({ length: 5000 }, () => "模型") };
  expect(read(line, long)).toEqual(long);
  expect(read(line, RECORD)).toEqual(RECORD);
});
