import { describe, expect, test } from "bun:test";
import type { ImagePart, Message } from "../canonical/index.ts";
import { isGatewayError } from "../errors/index.ts";
import { arrange, assistant, call, developer, EASY, FUSSY, FUSSY_INPLACE, ITEMS, result, show, text, user, type Options } from "./testing.ts";

const MISSING = "[no result was returned for this call]";
const codes = ({ losses }: { losses: readonly { code: string }[] }): string[] => losses.map(({ code }) => code);

function errorOf(messages: readonly Message[], options: Options): { code: string; path: string | undefined; message: string } | undefined {
  try {
    arrange(messages, options);
  } catch (error) {
    if (isGatewayError(error)) return { code: error.code, path: error.path, message: error.message };
    throw error;
  }
  return undefined;
}

describe("results in order", () => {
  test("#1 text and two calls, then two results and text", () => {
    const arranged = arrange([user("hi"), assistant("ok", call("a"), call("b")), user(result("a", "A"), result("b", "B"), "go on")], { rules: EASY });
    expect(show(arranged)).toEqual(["user: hi", "assistant: ok [a] [b]", "user: <a=A> <b=B> go on"]);
    expect(arranged.losses).toEqual([]);
  });

  test("#2 results in messages of their own become one user turn", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("b")), user(result("a", "A")), user(result("b", "B"))]);
    expect(show(arranged)).toEqual(["user: hi", "assistant: [a] [b]", "user: <a=A> <b=B>"]);
    expect(arranged.losses).toEqual([]);
  });

  test("#3 results in reverse come in call order", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("b"), call("c")), user(result("c")), user(result("b")), user(result("a"))]);
    expect(show(arranged).at(-1)).toBe("user: <a=result of a> <b=result of b> <c=result of c>");
  });

  test("#4 user text between a call and its result goes behind the result", () => {
    const arranged = arrange([user("hi"), assistant(call("a")), user(text("wait", "messages[2]")), user(result("a", "A"))]);
    expect(show(arranged)).toEqual(["user: hi", "assistant: [a]", "user: <a=A> wait"]);
    expect(arranged.losses).toEqual([{ code: "deferred-after-results", path: "messages[2]", action: "moved", detail: expect.any(String) }]);
  });

  test("#4 also within one message, whatever stands between", () => {
    const image: ImagePart = { kind: "image", source: { type: "url", url: "https://example.com/a.png" } };
    const arranged = arrange([user("hi"), assistant(call("a"), call("b")), user("one", result("b", "B"), image, result("a", "A"), "two")]);
    expect(show(arranged).at(-1)).toBe("user: <a=A> <b=B> one {image} two");
  });

  test("#8 as many results as calls, with the names of the calls", () => {
    const arranged = arrange([user("hi"), assistant(call("a", "read"), call("b", "write")), user(result("b"), result("a", "A", { name: "wrong" }))]);
    const results = arranged.turns[2]?.parts ?? [];
    expect(results.map((part) => part.kind === "tool-result" && [part.callId, part.name])).toEqual([["a", "read"], ["b", "write"]]);
  });

  test("#13 calls and outputs that come as items become one turn each", () => {
    const arranged = arrange([user("hi"), assistant(call("a")), assistant(call("b")), user(result("a", "A")), user(result("b", "B"))]);
    expect(show(arranged)).toEqual(["user: hi", "assistant: [a] [b]", "user: <a=A> <b=B>"]);
  });

  test("#14 a developer message between call and output waits until all results are told", () => {
    const arranged = arrange([user("hi"), assistant(call("a")), assistant(call("b")), user(result("a", "A")), developer("be quick"), user(result("b", "B"))], { rules: EASY });
    expect(show(arranged)).toEqual(["user: hi", "assistant: [a] [b]", "user: <a=A> <b=B>", "developer: be quick"]);
    expect(codes(arranged)).toEqual(["deferred-after-results"]);
  });

  test("#15 an assistant's message and the call after it are one turn", () => {
    const arranged = arrange([user("hi"), assistant("I look"), assistant(call("a")), user(result("a", "A"))], { rules: EASY });
    expect(show(arranged)).toEqual(["user: hi", "assistant: I look [a]", "user: <a=A>"]);
  });

  test("text after a call goes before it, unless the target keeps the order of items", () => {
    const messages = [user("hi"), assistant(call("a"), "I look"), user(result("a", "A"))];
    const arranged = arrange(messages);
    expect(show(arranged)[1]).toBe("assistant: I look [a]");
    expect(codes(arranged)).toEqual(["parts-reordered"]);
    expect(show(arrange(messages, { rules: ITEMS }))[1]).toBe("assistant: [a] I look");
  });

  test("a custom tool's result takes the kind and namespace of its call", () => {
    const arranged = arrange([user("hi"), assistant(call("a", "patch", { variant: "custom", namespace: "fs" })), user(result("a", "done"))]);
    expect(arranged.turns[2]?.parts[0]).toMatchObject({ variant: "custom", namespace: "fs", name: "patch" });
  });
});

describe("results that are missing, doubled or nobody's", () => {
  test("#5 a missing result is made up as an error, with a note", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("b", "tool", { path: "messages[1].tool_calls[1]" })), user(result("a", "A")), assistant("done"), user("ok")]);
    expect(show(arranged)).toEqual(["user: hi", "assistant: [a] [b]", `user: <a=A> <b!${MISSING}>`, "assistant: done", "user: ok"]);
    expect(arranged.losses).toEqual([{ code: "missing-tool-result", path: "messages[1].tool_calls[1]", action: "synthesised", detail: expect.any(String) }]);
  });

  test("#6 a result that no call explains becomes user text, with a note", () => {
    const arranged = arrange([user("hi"), user(result("x", "X", { path: "messages[1]" }))]);
    expect(show(arranged)).toEqual(["user: hi [result of tool x]\nX"]);
    expect(arranged.losses).toEqual([{ code: "orphan-tool-result", path: "messages[1]", action: "converted", detail: expect.any(String) }]);
  });

  test("#9 an orphan is called by its tool's name, also where only the memory knows it, and keeps its images", () => {
    const image: ImagePart = { kind: "image", source: { type: "url", url: "https://example.com/a.png" } };
    const arranged = arrange([user(result("x", "X", { name: "read" })), user({ ...result("y", "Y"), content: [text("Y"), image] })], { memories: { y: { seals: [], name: "write" } } });
    expect(show(arranged)).toEqual(["user: [result of tool read]\nX [result of tool write]\nY {image}"]);
  });

  test("#9 a result before its call is an orphan, and the call has none", () => {
    const arranged = arrange([user("hi"), user(result("a", "A")), assistant(call("a")), user("so?")]);
    expect(show(arranged)).toEqual(["user: hi [result of tool a]\nA", "assistant: [a]", `user: <a!${MISSING}> so?`]);
  });

  test("#7 of several results for one id the last content counts, once, in the first place", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("b")), user(result("a", "old")), user(result("b", "B")), user(result("a", "new"))]);
    expect(show(arranged).at(-1)).toBe("user: <a=new> <b=B>");
    expect(codes(arranged)).toEqual(["duplicate-tool-result"]);
  });

  test("a result that comes after a later assistant turn moves back to its call", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("b")), user(result("b", "B")), assistant("thinking"), user(result("a", "A"), "and?")]);
    expect(show(arranged)).toEqual(["user: hi", "assistant: [a] [b]", "user: <a=A> <b=B>", "assistant: thinking", "user: and?"]);
    expect(codes(arranged)).toEqual(["belated-tool-result"]);
  });

  test("a turn that held nothing but a belated result is gone, and its neighbours are one", () => {
    const arranged = arrange([user("hi"), assistant(call("a")), assistant("x"), user("y"), assistant("one"), user(result("a", "A")), assistant("two"), user("end")], { rules: EASY });
    expect(show(arranged)).toEqual(["user: hi", "assistant: x [a]", "user: <a=A> y", "assistant: one two", "user: end"]);
  });

  test("an unknown id finds its call by name and order when the numbers fit", () => {
    const arranged = arrange([user("hi"), assistant(call("a", "read"), call("b", "write"), call("c", "read")), user(result("1", "R1", { name: "read" }), result("2", "R2", { name: "read" }), result("3", "W", { name: "write" }))]);
    expect(show(arranged).at(-1)).toBe("user: <a=R1> <b=W> <c=R2>");
    expect(codes(arranged)).toEqual(["tool-result-id", "tool-result-id", "tool-result-id"]);
  });

  test("an unknown id finds its call by order where there is no name", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("b")), user(result("b", "B"), result("?", "other"))]);
    expect(show(arranged).at(-1)).toBe("user: <a=other> <b=B>");
  });

  test("an unknown id stays nobody's when the numbers do not fit", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("b")), user(result("?", "other"))]);
    expect(show(arranged).at(-1)).toBe(`user: <a!${MISSING}> <b!${MISSING}> [result of tool ?]\nother`);
  });

  test("#64 calls that nobody answered do not stand at the end", () => {
    for (const rules of [FUSSY, FUSSY_INPLACE, EASY, ITEMS]) {
      const arranged = arrange([user("hi"), assistant("ok", call("a"), call("b"))], { rules });
      expect(show(arranged)).toEqual(["user: hi", "assistant: ok [a] [b]", `user: <a!${MISSING}> <b!${MISSING}>`]);
      expect(codes(arranged)).toEqual(["missing-tool-result", "missing-tool-result"]);
    }
  });

  test("#51 a result without content stays a result without content", () => {
    for (const rules of [FUSSY, EASY]) {
      expect(show(arrange([user("hi"), assistant(call("a"), call("b")), user(result("a", ""), { ...result("b", ""), content: [text("")] })], { rules })).at(-1)).toBe("user: <a=> <b=>");
    }
  });
});

describe("ids", () => {
  test("#12 calls without ids get stable ones, results find them first in, first out, by name", () => {
    const messages = [user("hi"), assistant(call("", "read"), call("", "write"), call("", "read")), user(result("", "W", { name: "write" }), result("", "R1", { name: "read" }), result("", "R2", { name: "read" }))];
    const first = arrange(messages);
    const calls = (first.turns[1]?.parts ?? []).map((part) => (part.kind === "tool-call" ? part.callId : ""));
    for (const id of calls) expect(id).toMatch(/^call_[0-9a-f]{24}$/);
    expect(new Set(calls).size).toBe(3);
    expect(show(first).at(-1)).toBe(`user: <${calls[0]}=R1> <${calls[1]}=W> <${calls[2]}=R2>`);
    const later = arrange([...messages, assistant("so"), user("more")]);
    expect(show(later).slice(0, 3)).toEqual(show(first));
    expect(first.losses).toEqual([]);
  });

  test("#12 with fewer results than calls, the name tells which call has none", () => {
    const arranged = arrange([user("hi"), assistant(call("", "read"), call("", "write")), user(result("", "W", { name: "write" }))]);
    expect(show(arranged).at(-1)).toMatch(/^user: <call_\w+!\[no result .*> <call_\w+=W>$/);
  });

  test("#28 a long id is the same on the call and on its result", () => {
    const long = `call_${"x".repeat(90)}`;
    const arranged = arrange([user("hi"), assistant(call(long)), user(result(long, "A"))]);
    const [made, answered] = [arranged.turns[1]?.parts[0], arranged.turns[2]?.parts[0]];
    const ids = [made?.kind === "tool-call" && made.callId, answered?.kind === "tool-result" && answered.callId];
    expect(ids).toEqual([long, long]);
    expect(new Set(ids.map((id) => arranged.exchange.callIds.toWire(id || ""))).size).toBe(1);
  });

  test("one id twice in a turn: results pair in order of appearance", () => {
    const arranged = arrange([user("hi"), assistant(call("a"), call("a")), user(result("a", "one"), result("a", "two"))]);
    expect(show(arranged)).toEqual(["user: hi", "assistant: [a] [a_2]", "user: <a=one> <a_2=two>"]);
    expect(codes(arranged)).toEqual(["duplicate-call-id"]);
  });

  test("an id that an upstream uses anew in each turn belongs to the nearest call", () => {
    const arranged = arrange([user("hi"), assistant(call("call_0")), user(result("call_0", "one")), assistant(call("call_0")), user(result("call_0", "two")), assistant("end"), user("ok")]);
    expect(show(arranged)).toEqual(["user: hi", "assistant: [call_0]", "user: <call_0=one>", "assistant: [call_0_2]", "user: <call_0_2=two>", "assistant: end", "user: ok"]);
    const gap = arrange([user("hi"), assistant(call("call_0")), user("never mind"), assistant(call("call_0")), user(result("call_0", "two"))]);
    expect(show(gap)).toEqual(["user: hi", "assistant: [call_0]", `user: <call_0!${MISSING}> never mind`, "assistant: [call_0_2]", "user: <call_0_2=two>"]);
  });
});

describe("strict policy", () => {
  const strict: Options = { policy: { repair: "strict" } };
  const broken: readonly (readonly [string, string, readonly Message[]])[] = [
    ["missing", "p1", [user("hi"), assistant(call("a", "tool", { path: "p1" })), user("next")]],
    ["missing at the end", "p1", [user("hi"), assistant(call("a", "tool", { path: "p1" }))]],
    ["orphan", "p2", [user("hi"), user(result("x", "X", { path: "p2" }))]],
    ["duplicate", "p3", [user("hi"), assistant(call("a")), user(result("a"), result("a", "again", { path: "p3" }))]],
    ["belated", "p4", [user("hi"), assistant(call("a")), user("x"), assistant("y"), user(result("a", "A", { path: "p4" }))]],
    ["unknown id", "p5", [user("hi"), assistant(call("a")), user(result("?", "A", { path: "p5" }))]],
  ];
  test.each(broken)("%s is refused with its path", (_situation, path, messages) => {
    expect(errorOf(messages, strict)).toMatchObject({ code: "invalid_request", path });
    expect(errorOf(messages, {})).toBeUndefined();
  });

  test("an order that only needs sorting is not refused", () => {
    expect(show(arrange([user("hi"), assistant(call("a"), call("b")), user("wait"), user(result("b", "B"), result("a", "A"))], strict)).at(-1)).toBe("user: <a=A> <b=B> wait");
  });
});
