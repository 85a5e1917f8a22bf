import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { openaiChat } from "./index.ts";
import { repairJson } from "./repair-json.ts";
import { chatWorld } from "./testing.ts";

describe("repairing arguments", () => {
  test.each([
    ["{'a': 'b'}", '{"a":"b"}'],
    ['{"a": [1, 2, ], }', '{"a":[1,2]}'],
    ['{"a": "open', '{"a":"open"}'],
    ['{"a": {"b": [1', '{"a":{"b":[1]}}'],
    ['{"a": "two\nlines"}', '{"a":"two\\nlines"}'],
    ["{a: True, b: None}", '{"a":true,"b":null}'],
    ["{'it': 'isn\\'t \"so\"'}", '{"it":"isn\'t \\"so\\""}'],
    ['{"n": 12345678901234567890,}', '{"n":12345678901234567890}'],
  ])("%s", (text, repaired) => {
    expect(repairJson(text)).toBe(repaired);
  });

  test.each(["", "no", "[1]", '{"a" 1}', '{"a": what}', "{} {}", '{"a":"\\u12'])("%s stays broken", (text) => {
    expect(repairJson(text)).toBeUndefined();
  });

  const decode = (capable: boolean, finish: string) => {
    const world = chatWorld();
    const body: JsonObject = { choices: [{ index: 0, message: { tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{'a':1" } }] }, finish_reason: finish }] };
    const [part] = openaiChat.decodeResponse(body, world.chat({}, { capabilities: { sloppyJson: capable } })).candidates[0]?.parts ?? [];
    return [(part as { argumentsText: string }).argumentsText, world.losses.map(({ code }) => code)];
  };

  test("#21 only where the server is known for it, and never after a length stop", () => {
    expect(decode(true, "tool_calls")).toEqual(['{"a":1}', ["arguments-repaired"]]);
    expect(decode(true, "length")).toEqual(["{'a':1", []]);
    expect(decode(false, "tool_calls")).toEqual(["{'a':1", []]);
  });
});
