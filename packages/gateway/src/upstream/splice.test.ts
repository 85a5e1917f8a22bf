import { expect, test } from "bun:test";
import { spliceMembers } from "./splice.ts";

test("replaces a top-level member and no other byte", () => {
  const text = '{ "messages" : [{"model":"inner","text":"a \\"model\\": x"}],\n "model" : "asked" , "big": 12345678901234567890 }';
  expect(spliceMembers(text, { model: "sent" })).toBe('{ "messages" : [{"model":"inner","text":"a \\"model\\": x"}],\n "model" : "sent" , "big": 12345678901234567890 }');
});

test("removes first, middle and last members", () => {
  expect(spliceMembers('{"a":1,"b":{"c":[1,"]"]},"d":"x"}', { b: undefined })).toBe('{"a":1,"d":"x"}');
  expect(spliceMembers('{"a":1,"b":2}', { a: undefined })).toBe('{"b":2}');
  expect(spliceMembers('{"a":1,"b":2}', { b: undefined })).toBe('{"a":1}');
  expect(spliceMembers('{"a":1}', { a: undefined })).toBe("{}");
});

test("adds what is missing, also to an empty object", () => {
  expect(spliceMembers("{}", { model: "m" })).toBe('{"model":"m"}');
  expect(spliceMembers('{"a":[{}]}', { b: { c: null } })).toBe('{"a":[{}],"b":{"c":null}}');
});

test("understands escapes in keys and strings that end in backslashes", () => {
  expect(spliceMembers('{"x":"\\\\","m\\u006fdel":"a"}', { model: "b" })).toBe('{"x":"\\\\","m\\u006fdel":"b"}');
});
