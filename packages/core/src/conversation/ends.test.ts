import { describe, expect, test } from "bun:test";
import type { OpaquePart } from "../canonical/index.ts";
import { ALL_RULES, arrange, assistant, call, EASY, FUSSY, FUSSY_INPLACE, ITEMS, result, seal, show, system, text, thought, user } from "./testing.ts";

describe("blank text", () => {
  test("#17 empty content beside calls leaves no text", () => {
    for (const rules of ALL_RULES) {
      expect(show(arrange([user("hi"), assistant("", call("a")), user(result("a", "A"))], { rules }))).toEqual(["user: hi", "assistant: [a]", "user: <a=A>"]);
    }
  });

  test("#18 no content beside calls leaves only the calls", () => {
    expect(show(arrange([user("hi"), assistant(call("a")), user(result("a", "A"))]))).toEqual(["user: hi", "assistant: [a]", "user: <a=A>"]);
  });

  test("#167 empty and blank texts are dropped where the target refuses them", () => {
    const messages = [user("", "hi", " \n"), assistant("\t", "yes"), user("go")];
    expect(show(arrange(messages))).toEqual(["user: hi", "assistant: yes", "user: go"]);
    expect(show(arrange(messages, { rules: EASY }))).toEqual(["user: hi  \n", "assistant: \t yes", "user: go"]);
  });

  test("#167 a message of blank text is gone, with a note, and its neighbours are one", () => {
    for (const rules of [FUSSY, EASY]) {
      const arranged = arrange([user("hi"), assistant(text(" ", "messages[1]")), user("there")], { rules });
      expect(show(arranged)).toEqual(["user: hi there"]);
      expect(arranged.losses).toEqual([{ code: "blank-message", path: "messages[1]", action: "dropped" }]);
    }
  });

  test("a blank text that bears the vendor's seal stays", () => {
    const signed = { ...text(""), seal: seal("vendor", "S") };
    expect(show(arrange([user("hi"), assistant("yes", signed), user("go")]))[1]).toBe("assistant: yes #S");
  });
});

describe("parts the target has no word for", () => {
  const opaque: OpaquePart = { kind: "opaque", dialect: "a-dialect", type: "odd", value: null };

  test("they are replaced or dropped, also inside results", () => {
    const rules = { ...FUSSY, adapt: (part: { kind: string }) => (part.kind === "opaque" ? [text("odd")] : undefined) };
    const arranged = arrange([user("hi", opaque), assistant(call("a")), user({ ...result("a"), content: [opaque, text("A")] })], { rules });
    expect(show(arranged)).toEqual(["user: hi odd", "assistant: [a]", "user: <a=odd+A>"]);
  });

  test("a turn of which nothing is left is taken out", () => {
    const rules = { ...FUSSY, adapt: (part: { kind: string }) => (part.kind === "opaque" ? [] : undefined) };
    expect(show(arrange([user("hi"), assistant(opaque), user("there")], { rules }))).toEqual(["user: hi there"]);
    expect(show(arrange([user(opaque), assistant("yes"), user("go")], { rules }))[0]).toBe("user: (conversation continues)");
  });

  test("reasoning is asked for with no seal but the vendor's", () => {
    const seen: unknown[] = [];
    const adapt = (part: { kind: string; seal?: unknown }): undefined => {
      if (part.kind === "reasoning") seen.push(part.seal);
    };
    arrange([user("hi"), assistant(thought("a", seal("other-vendor", "X")), thought("b", seal("vendor", "Y"))), user("go")], { rules: { ...FUSSY, adapt } });
    expect(seen).toEqual([undefined, seal("vendor", "Y")]);
  });
});

describe("merging", () => {
  test("#168 two user messages in a row are one turn", () => {
    expect(show(arrange([user("one"), user("two")]))).toEqual(["user: one two"]);
  });

  test("a speaker's name stays if it is the only one", () => {
    const named = (name: string, value: string) => ({ ...user(value), name });
    expect(arrange([named("ann", "one"), named("ann", "two")]).turns[0]?.name).toBe("ann");
    const both = arrange([named("ann", "one"), named("ben", "two")]);
    expect(both.turns[0]?.name).toBeUndefined();
    expect(both.losses.map(({ code }) => code)).toEqual(["message-name", "message-name"]);
  });

  test("results beside it do not cost a speaker its name", () => {
    const arranged = arrange([user("hi"), assistant(call("a")), user(result("a", "A")), { ...user("and"), name: "ann" }]);
    expect(arranged.turns[2]?.name).toBe("ann");
    expect(arranged.losses).toEqual([]);
  });
});

describe("reasoning first", () => {
  test("reasoning goes first, calls last; thoughts between texts stay once the turn begins with one", () => {
    const own = (value: string) => thought(value, seal("vendor", value));
    expect(show(arrange([user("hi"), assistant("x", own("1"), call("a")), user(result("a", "A"))]))[1]).toBe("assistant: (1)#1 x [a]");
    const interleaved = arrange([user("hi"), assistant(own("1"), "x", own("2"), "y", call("a")), user(result("a", "A"))]);
    expect(show(interleaved)[1]).toBe("assistant: (1)#1 x (2)#2 y [a]");
    expect(interleaved.losses).toEqual([]);
  });
});

describe("beginning and end", () => {
  test("no messages at all are refused", () => {
    for (const rules of ALL_RULES) expect(() => arrange([], { rules })).toThrow("no messages");
  });

  test("nothing but blank messages is refused", () => {
    for (const rules of ALL_RULES) expect(() => arrange([system(" "), user("")], { rules })).toThrow("no content");
  });

  test("#165 nothing but instructions: the user says them, or they stand alone where that is allowed", () => {
    const messages = [system("be brief", "be kind")];
    expect(show(arrange(messages, { rules: FUSSY }))).toEqual(["user: be brief be kind"]);
    expect(show(arrange(messages, { rules: ITEMS }))).toEqual(["user: be brief be kind"]);
    expect(show(arrange(messages, { rules: EASY }))).toEqual(["system! be brief", "system! be kind"]);
    expect(arrange(messages, { rules: FUSSY }).losses.map(({ code }) => code)).toEqual(["system-only"]);
    expect(arrange(messages, { rules: FUSSY }).turns[0]?.parts[0]).toEqual(text("be brief"));
  });

  test("#166 where the assistant speaks first, a user turn is put before it", () => {
    const messages = [system("S"), assistant("hello"), user("hi")];
    const arranged = arrange(messages, { rules: FUSSY });
    expect(show(arranged)).toEqual(["system! S", "user: (conversation continues)", "assistant: hello", "user: hi"]);
    expect(arranged.losses.map(({ code }) => code)).toEqual(["assistant-first"]);
    expect(show(arrange(messages, { rules: EASY }))).toEqual(["system! S", "assistant: hello", "user: hi"]);
  });

  test("#169 where the assistant speaks last, the user says to continue, or trailing space is cut", () => {
    const messages = [user("hi"), assistant("The answer is ")];
    expect(show(arrange(messages, { rules: FUSSY }))).toEqual(["user: hi", "assistant: The answer is ", "user: Continue."]);
    const prefilled = arrange(messages, { rules: FUSSY_INPLACE });
    expect(show(prefilled)).toEqual(["user: hi", "assistant: The answer is"]);
    expect(prefilled.losses.map(({ code }) => code)).toEqual(["trailing-space"]);
    expect(show(arrange(messages, { rules: EASY }))).toEqual(["user: hi", "assistant: The answer is "]);
  });
});
