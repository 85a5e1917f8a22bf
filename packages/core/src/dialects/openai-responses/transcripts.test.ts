import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { transcripts } from "./transcripts.ts";
import { withoutSeals } from "./without-seals.ts";

const question: JsonObject = { type: "message", role: "user", content: "one" };
const answer: JsonObject = { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "two" }] };
const earlier: readonly JsonObject[] = [question, answer];

describe("references", () => {
  test("are found wherever they may stand, with the path of the field", () => {
    const body = { previous_response_id: "resp_1", conversation: { id: "conv_1" }, input: [{ role: "user", content: "x" }, { type: "item_reference", id: "rs_1" }, { id: "msg_9" }] };
    expect(transcripts.references(body)).toEqual([
      { to: "response", id: "resp_1", path: "previous_response_id" },
      { to: "conversation", id: "conv_1", path: "conversation" },
      { to: "item", id: "rs_1", path: "input[1].id" },
      { to: "item", id: "msg_9", path: "input[2].id" },
    ]);
  });

  test("a message with an id is said, not referred to", () => {
    expect(transcripts.references({ input: [{ role: "assistant", id: "msg_1", content: "x" }, { type: "function_call", id: "fc_1" }], previous_response_id: null })).toEqual([]);
  });
});

describe("spelling out", () => {
  test("puts what came before ahead of the body's own, and takes the reference away", () => {
    expect(transcripts.spellOut({ model: "m", previous_response_id: "resp_1", instructions: "be brief", input: "three" }, { before: earlier, items: new Map() })).toEqual({
      model: "m", instructions: "be brief", input: [...earlier, { type: "message", role: "user", content: "three" }],
    });
  });

  test("puts items in place of their names, and leaves unknown names", () => {
    const body = { input: [{ type: "item_reference", id: "msg_1" }, { type: "item_reference", id: "msg_2" }], previous_response_id: "resp_x" };
    expect(transcripts.spellOut(body, { items: new Map([["msg_1", answer]]) })).toEqual({ previous_response_id: "resp_x", input: [answer, { type: "item_reference", id: "msg_2" }] });
  });
});

describe("replies", () => {
  test("only the end of a stream tells a finished one", () => {
    const response = { id: "resp_1", status: "completed", output: [] };
    expect(transcripts.finishedReply({ event: "response.completed", data: JSON.stringify({ type: "response.completed", response }) })).toEqual(response);
    expect(transcripts.finishedReply({ event: "response.created", data: JSON.stringify({ response }) })).toBeUndefined();
  });

  test("one that failed cannot be gone on from", () => {
    expect(transcripts.readReply({ id: "resp_1", status: "failed", output: [] })).toBeUndefined();
    expect(transcripts.readReply({ id: "resp_1", status: "incomplete", output: earlier })).toEqual({ id: "resp_1", items: earlier });
  });

  test("a list of items is newest first, and each has an id", () => {
    expect(transcripts.encodeItems(earlier, "resp_abc")).toEqual({
      object: "list", data: [answer, { id: "msg_abc_0", ...question }], first_id: "msg_1", last_id: "msg_abc_0", has_more: false,
    });
  });
});

describe("for other servers", () => {
  const input = [
    { role: "user", content: "x" },
    { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "bad" },
    { type: "function_call", id: "fc_1", call_id: "c", name: "f", arguments: "{}" },
    { type: "function_call_output", call_id: "c", output: "y" },
    { type: "message", id: "msg_2", role: "assistant", content: "z" },
  ];

  test("condemned reasoning goes, with the ids of what it led to, and no others", () => {
    expect(withoutSeals({ input }, (value) => value === "bad").input).toEqual([
      input[0] as JsonObject, { type: "function_call", call_id: "c", name: "f", arguments: "{}" }, input[3] as JsonObject, input[4] as JsonObject,
    ]);
    const body = { input };
    expect(withoutSeals(body, () => false)).toBe(body);
  });

  test("ids go that a vendor would look up, and reasoning that is nothing but its id", () => {
    expect(transcripts.withoutItemIds({ input: [...input, { type: "reasoning", id: "rs_2", summary: [] }, { type: "local_shell_call", id: "lsh_1", call_id: "d" }] }).input).toEqual([
      input[0] as JsonObject,
      { type: "reasoning", summary: [], encrypted_content: "bad" },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
      input[3] as JsonObject,
      { type: "message", role: "assistant", content: "z" },
      { type: "local_shell_call", id: "lsh_1", call_id: "d" },
    ]);
  });
});
