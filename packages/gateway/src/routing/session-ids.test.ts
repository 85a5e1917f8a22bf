import { describe, expect, test } from "bun:test";
import type { GenerateRequest, Message } from "@dragoman/core";
import { Affinity } from "./affinity.ts";
import { nearestNames } from "./nearest-names.ts";
import { namePattern } from "./pattern.ts";
import { sessionIdsOf } from "./session-ids.ts";

const say = (role: Message["role"], text: string): Message => ({ role, parts: [{ kind: "text", text }] });

function request(more: Partial<GenerateRequest> = {}): GenerateRequest {
  return { dialect: "d", model: "m", stream: false, framing: "sse", messages: [say("user", "hello")], tools: [], sampling: {}, residue: {}, ...more };
}

const ids = (more: Partial<GenerateRequest>, headers: Record<string, string> = {}): readonly string[] => sessionIdsOf(request(more), new Headers(headers));

describe("session ids", () => {
  test("headers in their order", () => {
    const all = { "X-Claude-Code-Session-Id": "1", "Session-Id": "2", Session_id: "3", "X-Session-ID": "4", "X-Session-Affinity": "5", "X-Client-Request-Id": "6" };
    const seen: string[] = [];
    let left = Object.entries(all);
    while (left.length > 0) {
      seen.push(...ids({}, Object.fromEntries(left)));
      left = left.slice(1);
    }
    expect(seen).toEqual(["claude:1", "codex:2", "codex:3", "header:4", "affinity:5", "clientreq:6"]);
  });
  test("the session in Claude Code's user id comes before other headers", () => {
    const userId = "user_0a_account__session_7f3e-11";
    expect(ids({ wire: { metadata: { user_id: userId } } }, { "session-id": "2" })).toEqual(["claude:7f3e-11"]);
    expect(ids({ wire: { metadata: { user_id: '{"device_id":"x","session_id":"abc"}' } } })).toEqual(["claude:abc"]);
  });
  test("body fields in their order", () => {
    expect(ids({ wire: { session_id: "s", prompt_cache_key: "k" }, cache: { key: "k" } })).toEqual(["session:s"]);
    expect(ids({ cache: { key: "k" }, state: { conversationId: "c" } })).toEqual(["pck:k", "conv:c"]);
    expect(ids({ wire: { conversation: { id: "c" } } })).toEqual(["conv:c"]);
    expect(ids({ wire: { metadata: { user_id: "u" }, conversation_id: "c" } })).toEqual(["user:u"]);
    expect(ids({ wire: { conversation_id: "c" } })).toEqual(["conv:c"]);
  });
  test("else the opening: the second turn meets the first", () => {
    const first = ids({ messages: [say("system", "s"), say("user", "hello")] });
    const second = ids({ messages: [say("system", "s"), say("user", "hello"), say("assistant", "hi"), say("user", "more")] });
    const third = ids({ messages: [say("system", "s"), say("user", "hello"), say("assistant", "hi"), say("user", "more"), say("assistant", "x"), say("user", "y")] });
    expect(first.length).toBe(1);
    expect(second[1]).toBe(first[0] ?? "");
    expect(third).toEqual([...second]);
    expect(ids({ messages: [say("system", "s"), say("user", "other")] })).not.toEqual([...first]);
  });
  test("only a hundred characters of each text count", () => {
    const long = "x".repeat(100);
    expect(ids({ messages: [say("user", `${long}a`)] })).toEqual([...ids({ messages: [say("user", `${long}b`)] })]);
  });
});

describe("Affinity", () => {
  test("is bounded: the longest unused goes first", () => {
    const affinity = new Affinity(3, 1000);
    for (const key of ["a", "b", "c"]) affinity.bind([key], key, 0);
    affinity.bind(["a"], "a", 1);
    affinity.bind(["d"], "d", 2);
    expect(affinity.size).toBe(3);
    expect(affinity.find(["b"], 3)).toBeUndefined();
    expect(affinity.find(["a"], 3)).toBe("a");
  });
  test("a late failure does not undo a newer binding", () => {
    const affinity = new Affinity(3, 1000);
    affinity.bind(["a"], "new", 0);
    affinity.release(["a"], "old");
    expect(affinity.find(["a"], 1)).toBe("new");
    affinity.release(["a"], "new");
    expect(affinity.find(["a"], 1)).toBeUndefined();
  });
});

describe("namePattern", () => {
  test("runs, in any case; whole names without", () => {
    expect(namePattern("GPT-*-mini")("gpt-5.4-mini")).toBe(true);
    expect(namePattern("*flash*")("gemini-2.5-flash-lite")).toBe(true);
    expect(namePattern("gpt-5")("gpt-5.1")).toBe(false);
    expect(namePattern("a.c")("abc")).toBe(false);
    expect(namePattern("*")("anything")).toBe(true);
  });
});

describe("nearestNames", () => {
  const names = ["claude-opus-5", "claude-sonnet-5", "gpt-5.4", "gpt-5.4-mini", "gemini-2.5-pro"];
  test("typing errors and parts of names", () => {
    expect(nearestNames("claude-opsu-5", names)[0]).toBe("claude-opus-5");
    expect(nearestNames("gpt5.4", names)[0]).toBe("gpt-5.4");
    expect(nearestNames("opus", names)).toContain("claude-opus-5");
  });
  test("nothing alike, nothing said", () => expect(nearestNames("zzzzzzzzzzzz", names)).toEqual([]));
});
