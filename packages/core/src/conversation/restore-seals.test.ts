import { describe, expect, test } from "bun:test";
import type { Message } from "../canonical/index.ts";
import type { CallMemory } from "../exchange.ts";
import { arrange, assistant, call, FUSSY, ITEMS, result, seal, show, text, thought, user, type Options, type Outcome } from "./testing.ts";

function arranged(message: Message, options: Options = {}): Outcome {
  const calls = message.parts.filter((part) => part.kind === "tool-call");
  return arrange([user("hi"), message, user(...calls.map((part) => result(part.callId)), "go")], { rules: ITEMS, ...options });
}
/** What an assistant turn between two user turns looks like upstream. */
const turn = (message: Message, options: Options = {}): string | undefined => show(arranged(message, options))[1];
const codes = (message: Message, options: Options = {}): string[] => arranged(message, options).losses.map(({ code }) => code);

const next = (bindKind?: "text" | "tool-call" | "any") => seal("vendor", "S", { form: "thought-signature", bindsTo: "next", ...(bindKind && { bindKind }) });
const previous = (bindKind?: "text" | "tool-call") => seal("vendor", "S", { form: "thought-signature", bindsTo: "previous", ...(bindKind && { bindKind }) });

describe("whose seal", () => {
  test("the upstream vendor's seals stay where they are", () => {
    const parts = [thought("hm", seal("vendor", "R")), { ...text("so"), seal: seal("vendor", "T") }, call("a", "tool", { seal: seal("vendor", "C") })];
    expect(turn(assistant(...parts))).toBe("assistant: (hm)#R so#T [a]#C");
    expect(arrange([user("hi"), assistant(...parts), user(result("a"))]).losses).toEqual([]);
  });

  test("foreign seals go, with a note each; thoughts keep their text", () => {
    const message = assistant(thought("hm", seal("stranger", "R")), { ...text("so"), seal: seal("stranger", "T") }, { ...call("a"), seal: seal("stranger", "C") });
    expect(turn(message)).toBe("assistant: (hm) so [a]");
    expect(codes(message)).toEqual(["foreign-seal", "foreign-seal", "foreign-seal"]);
  });

  test("a foreign part with nothing to read is gone altogether", () => {
    const redacted = { ...thought("", seal("stranger", "R", { form: "redacted" })), redacted: true };
    expect(turn(assistant(redacted, "so"))).toBe("assistant: so");
    expect(show(arrange([user("hi"), assistant(redacted), user("go")]))).toEqual(["user: hi go"]);
  });

  test("text that nobody sealed loses its mark without a note", () => {
    const message = assistant(thought("hm", seal("other", "H", { form: "plain-text-hash" })), "so");
    expect(turn(message)).toBe("assistant: (hm) so");
    expect(codes(message)).toEqual([]);
  });
});

describe("seals that travelled beside their part", () => {
  test("go onto the next part of their kind", () => {
    expect(turn(assistant(thought("", next("tool-call")), call("a")))).toBe("assistant: [a]#S");
    expect(turn(assistant(thought("", next("text")), "so"))).toBe("assistant: so#S");
    expect(turn(assistant(thought("", next()), call("a")))).toBe("assistant: [a]#S");
  });

  test("become the part's own seal", () => {
    const outcome = arranged(assistant(thought("", next("tool-call")), call("a")));
    expect(outcome.turns[1]?.parts[0]).toMatchObject({ seal: { vendor: "vendor", form: "thought-signature", value: "S", bindsTo: "self" } });
    expect(outcome.losses).toEqual([]);
  });

  test("pass over other carriers and blank text, and each finds its own", () => {
    const first = thought("", { ...next("tool-call"), value: "1" });
    expect(turn(assistant(first, "", call("a"), thought("", next("tool-call")), call("b")))).toBe("assistant: [a]#1 [b]#S");
    expect(turn(assistant(thought("", previous("text")), first, call("a")))).toBe("assistant: [a]#1");
  });

  test("leave the thoughts that carried them", () => {
    expect(turn(assistant(thought("hm", next("tool-call")), call("a")))).toBe("assistant: (hm) [a]#S");
  });

  test("across messages of one turn", () => {
    expect(show(arrange([user("hi"), assistant(thought("", next("tool-call"))), assistant(call("a")), user(result("a"))]))[1]).toBe("assistant: [a]#S");
  });

  test("are dropped with a note when the next part is of another kind, sealed already, or not there", () => {
    for (const message of [
      assistant(thought("", next("tool-call")), "so"),
      assistant(thought("", next("text")), { ...text("so"), seal: seal("vendor", "T") }),
      assistant("so", thought("", next())),
      assistant(thought("", previous()), "so"),
    ]) {
      expect(turn(message)).not.toContain("#S");
      expect(codes(message)).toEqual(["unbound-seal"]);
    }
  });

  test("behind their part: onto it if it was signed itself, else as the part of its own that it was", () => {
    expect(turn(assistant("so", thought("", previous("text"))))).toBe("assistant: so#S");
    expect(turn(assistant("so", thought("", previous())))).toBe("assistant: so ()#S");
    expect(turn(assistant(call("a"), thought("", previous("text"))))).toBe("assistant: [a]");
  });

  test("of another vendor never bind", () => {
    const message = assistant(thought("", { ...next("tool-call"), vendor: "stranger" }), call("a"));
    expect(turn(message)).toBe("assistant: [a]");
    expect(codes(message)).toEqual(["foreign-seal"]);
  });
});

describe("seals that the client could not carry", () => {
  const memory = (extra: Partial<CallMemory> = {}): CallMemory => ({ seals: [seal("vendor", "R")], reasoningText: "hm", ...extra });

  test("thoughts come back before the text and call they led to", () => {
    expect(turn(assistant("so", call("a")), { memories: { a: memory() } })).toBe("assistant: (hm)#R so [a]");
  });

  test("what the client kept of them without a seal gives way", () => {
    expect(turn(assistant(thought("hm, trimmed"), "so", call("a")), { memories: { a: memory() } })).toBe("assistant: (hm)#R so [a]");
  });

  test("what the client brought back sealed is believed", () => {
    expect(turn(assistant(thought("own", seal("vendor", "O")), call("a")), { memories: { a: memory() } })).toBe("assistant: (own)#O [a]");
  });

  test("parallel calls that remember the same thought bring it once; each its own otherwise", () => {
    expect(turn(assistant(call("a"), call("b")), { memories: { a: memory(), b: memory() } })).toBe("assistant: (hm)#R [a] [b]");
    const second = memory({ seals: [seal("vendor", "R2")], reasoningText: "and" });
    expect(turn(assistant(call("a"), call("b")), { memories: { a: memory(), b: second } })).toBe("assistant: (hm)#R [a] (and)#R2 [b]");
    expect(turn(assistant(call("a"), call("b")), { rules: FUSSY, memories: { a: memory(), b: second } })).toBe("assistant: (hm)#R (and)#R2 [a] [b]");
  });

  test("a call's own seal comes back onto the call, never over one it has", () => {
    const signed = memory({ seals: [seal("vendor", "C", { form: "thought-signature", bindKind: "tool-call" })], reasoningText: "hm" });
    expect(turn(assistant(call("a")), { memories: { a: signed } })).toBe("assistant: [a]#C");
    expect(turn(assistant(call("a", "tool", { seal: seal("vendor", "own") })), { memories: { a: signed } })).toBe("assistant: [a]#own");
    const bare = memory({ seals: [seal("vendor", "C", { form: "thought-signature" })] });
    expect(turn(assistant(call("a")), { memories: { a: bare } })).toBe("assistant: [a]#C");
  });

  test("a carrier beside the call goes before the memory", () => {
    const signed = memory({ seals: [seal("vendor", "C", { form: "thought-signature", bindKind: "tool-call" })] });
    expect(turn(assistant(thought("", next("tool-call")), call("a")), { memories: { a: signed } })).toBe("assistant: [a]#S");
  });

  test("seals of another vendor stay in the memory", () => {
    expect(turn(assistant(call("a")), { memories: { a: memory({ seals: [seal("stranger", "R"), seal("stranger", "C", { bindKind: "tool-call" })] }) } })).toBe("assistant: [a]");
  });

  test("several thoughts come back part by part; without their parts only if one signature is in doubt", () => {
    const parts = [thought("one", seal("vendor", "1")), thought("two", seal("vendor", "2"))];
    const seals = [seal("vendor", "1"), seal("vendor", "2")];
    expect(turn(assistant(call("a")), { memories: { a: { seals, reasoningText: "one\n\ntwo", reasoning: parts } } })).toBe("assistant: (one)#1 (two)#2 [a]");
    expect(turn(assistant(call("a")), { memories: { a: { seals, reasoningText: "one\n\ntwo" } } })).toBe("assistant: [a]");
    const redacted = [seal("vendor", "1", { form: "redacted" }), seal("vendor", "2")];
    expect(turn(assistant(call("a")), { memories: { a: { seals: redacted, reasoningText: "two" } } })).toBe("assistant: ()#1 (two)#2 [a]");
  });
});
