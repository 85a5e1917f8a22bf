import { describe, expect, test } from "bun:test";
import type { ImagePart, OpaquePart } from "../canonical/index.ts";
import { isGatewayError } from "../errors/index.ts";
import { ALL_RULES, arrange, assistant, call, developer, EASY, FUSSY, FUSSY_INPLACE, ITEMS, result, show, system, text, user } from "./testing.ts";

const image: ImagePart = { kind: "image", source: { type: "url", url: "https://example.com/a.png" }, path: "messages[0].content[1]" };

describe("leading instructions", () => {
  test("#160 system and developer stay two blocks, in order, each with its origin and message", () => {
    const arranged = arrange([system("S"), developer("D1", "D2"), user("hi")]);
    expect(show(arranged)).toEqual(["system! S", "developer! D1", "developer! D2", "user: hi"]);
    expect(arranged.system.map(({ message }) => message)).toEqual([0, 1, 1]);
    expect(arranged.losses).toEqual([]);
  });

  test("cache marks and paths stay on their blocks", () => {
    const marked = { ...text("S", "system[0]"), cache: { ttl: "1h" } as const };
    expect(arrange([system(marked), user("hi")]).system[0]).toEqual({ ...marked, origin: "system", message: 0 });
  });

  test("#164 a client's report to its own vendor is taken out, with a note", () => {
    for (const rules of ALL_RULES) {
      const arranged = arrange([system(text("x-anthropic-billing-header: cc_version=2.0; cch=1f", "system[0]"), "You are a coder."), user("hi")], { rules });
      expect(show(arranged)).toEqual(["system! You are a coder.", "user: hi"]);
      expect(arranged.losses).toEqual([{ code: "client-report", path: "system[0]", action: "dropped", detail: expect.any(String) }]);
    }
  });

  test("#164 the same words from a user are the user's own", () => {
    expect(show(arrange([user("x-anthropic-billing-header: what is this?")]))).toEqual(["user: x-anthropic-billing-header: what is this?"]);
  });
});

describe("later instructions", () => {
  const messages = [system("S"), user("hi"), assistant("yes"), developer("now brief"), user("go")];

  test("#161 stay where they are if the target has a place for them", () => {
    const arranged = arrange(messages, { rules: FUSSY_INPLACE });
    expect(show(arranged)).toEqual(["system! S", "user: hi", "assistant: yes", "developer: now brief", "user: go"]);
    expect(arranged.losses).toEqual([]);
  });

  test("#161 never stand first: what comes first is no longer in the middle", () => {
    const arranged = arrange([user(" "), system("S"), user("hi")], { rules: FUSSY_INPLACE });
    expect(show(arranged)).toEqual(["system! S", "user: hi"]);
  });

  test("#162 #163 become a reminder in the user's turn", () => {
    const arranged = arrange(messages, { rules: FUSSY });
    expect(show(arranged)).toEqual(["system! S", "user: hi", "assistant: yes", "user: <system-reminder>\nnow brief\n</system-reminder> go"]);
    expect(arranged.losses).toMatchObject([{ code: "system-reminder", action: "converted" }]);
  });

  test("#162 a reminder stands behind the results of tools", () => {
    const arranged = arrange([user("hi"), assistant(call("a")), system("careful"), user(result("a", "A")), user("go")], { rules: FUSSY });
    expect(show(arranged).at(-1)).toBe("user: <a=A> <system-reminder>\ncareful\n</system-reminder> go");
  });

  test("a reminder between two assistant turns is a user turn", () => {
    expect(show(arrange([user("hi"), assistant("one"), system("S"), assistant("two"), user("go")], { rules: FUSSY }))).toEqual([
      "user: hi", "assistant: one", "user: <system-reminder>\nS\n</system-reminder>", "assistant: two", "user: go",
    ]);
  });

  test("are moved before the conversation if the operator wants it so", () => {
    for (const rules of ALL_RULES) {
      const arranged = arrange(messages, { rules, policy: { systemPlacement: "hoist" } });
      expect(show(arranged)).toEqual(["system! S", "developer! now brief", "user: hi", "assistant: yes", "user: go"]);
      expect(arranged.losses.map(({ code }) => code)).toEqual(["system-hoisted"]);
    }
  });

  test("in a row are one turn if they have one origin", () => {
    expect(show(arrange([user("hi"), system("a"), system("b"), developer("c"), user("go")], { rules: EASY }))).toEqual(["user: hi", "system: a b", "developer: c", "user: go"]);
  });
});

describe("instructions that are not text", () => {
  test("are refused with their path where the target takes text only", () => {
    for (const messages of [[system("look", image), user("hi")], [user("hi"), system(image), user("go")]]) {
      let thrown: unknown;
      try {
        arrange(messages, { rules: FUSSY });
      } catch (error) {
        thrown = error;
      }
      expect(isGatewayError(thrown) && [thrown.code, thrown.path, thrown.status]).toEqual(["unsupported_parameter", "messages[0].content[1]", 400]);
    }
  });

  test("stay as a leading turn where the target takes them", () => {
    expect(show(arrange([system("S"), system("look", image), user("hi")], { rules: ITEMS }))).toEqual(["system! S", "system: look {image}", "user: hi"]);
  });

  test("are told as text where they have one", () => {
    const opaque: OpaquePart = { kind: "opaque", dialect: "a-dialect", type: "odd", value: null, fallbackText: "odd thing" };
    const arranged = arrange([system(opaque), user("hi")]);
    expect(show(arranged)).toEqual(["system! odd thing", "user: hi"]);
    expect(arranged.losses.map(({ code }) => code)).toEqual(["unsupported-part"]);
  });
});
