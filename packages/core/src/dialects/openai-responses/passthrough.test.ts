import { expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { openaiResponses } from "./index.ts";

function edits(body: JsonObject) {
  const input = { path: "/v1/responses", query: { get: () => null }, headers: { get: () => null }, body };
  return openaiResponses.passthroughRequest(input, openaiResponses.decodeRequest(input, createTestWorld([openaiResponses]).context), "up").edits;
}

const USER = { role: "user", content: "x" };
const SEALED = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "s" };
const UNSEALED = { type: "reasoning", id: "rs_2", summary: [{ type: "summary_text", text: "t" }], content: null, encrypted_content: null };
const CALL = { type: "function_call", id: "fc_1", call_id: "c", name: "f", arguments: "{}" };
const RESULT = { type: "function_call_output", call_id: "c", output: "y" };

test("only the model's name changes, and not even that when it is the same", () => {
  expect(edits({ model: "up", input: "x" })).toEqual({});
  expect(edits({ model: "alias", input: [USER], store: false })).toEqual({ model: "up" });
});

test("where nothing is stored, reasoning goes that nobody sealed, with the ids of what it led to", () => {
  const { id: _id, ...bareCall } = CALL;
  expect(edits({ model: "up", store: false, input: [USER, UNSEALED, CALL, RESULT, SEALED, CALL, RESULT] })).toEqual({ set: { input: [USER, bareCall, RESULT, SEALED, CALL, RESULT] } });
});

test("reasoning stays that is sealed, raw, nameless, or stored", () => {
  const { id: _id, ...nameless } = UNSEALED;
  expect(edits({ model: "up", store: false, input: [SEALED, { ...UNSEALED, content: [{ type: "reasoning_text", text: "t" }] }, nameless] })).toEqual({});
  expect(edits({ model: "up", input: [UNSEALED] })).toEqual({});
});
