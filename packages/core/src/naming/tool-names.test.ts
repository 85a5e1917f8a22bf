import { describe, expect, test } from "bun:test";
import type { FunctionTool, Message } from "../canonical/index.ts";
import { createToolNames, type NameRules } from "./tool-names.ts";

const plain: NameRules = { toolNameChar: /[A-Za-z0-9_-]/, toolNameFirstChar: /[A-Za-z0-9_-]/, toolNameMaxLength: 64, callIdChar: /[A-Za-z0-9_-]/, callIdMaxLength: 64 };
const strictFirst: NameRules = { ...plain, toolNameChar: /[A-Za-z0-9_.:-]/, toolNameFirstChar: /[A-Za-z_]/ };

const tool = (name: string, namespace?: string): FunctionTool => ({ kind: "function", name, ...(namespace !== undefined && { namespace }) });
const called = (name: string): Message => ({
  role: "assistant",
  parts: [{ kind: "tool-call", callId: "c1", name, variant: "function", argumentsText: "{}", arguments: {}, complete: true }],
});

describe("legal names", () => {
  test("a legal name stays", () => {
    const names = createToolNames([tool("read_file")], [], plain);
    expect(names.toWire("read_file")).toBe("read_file");
    expect(names.fromWire("read_file")).toEqual({ name: "read_file" });
  });

  test("#29 a name of 72 characters is shortened, the same each time, and restored", () => {
    const long = "mcp__0f9b1c2d-3e4f-4a5b-8c7d-9e0f1a2b3c4d__slack_search_public_and_private";
    expect(long.length).toBeGreaterThan(64);
    const wire = createToolNames([tool(long)], [], plain).toWire(long);
    expect(wire).toMatch(/^mcp__slack_search_public_and_private_[0-9a-f]{8}$/);
    const later = createToolNames([tool("other"), tool(long)], [called("something")], plain);
    expect(later.toWire(long)).toBe(wire);
    expect(later.fromWire(wire)).toEqual({ name: long });
  });

  test("#29 long names with the same head stay apart and within the limit", () => {
    const [a, b] = [`${"x".repeat(70)}a`, `${"x".repeat(70)}b`] as const;
    const names = createToolNames([tool(a), tool(b)], [], plain);
    expect(names.toWire(a)).not.toBe(names.toWire(b));
    for (const name of [a, b]) {
      expect(names.toWire(name).length).toBe(64);
      expect(names.fromWire(names.toWire(name)).name).toBe(name);
    }
  });

  test("a long MCP name whose tool alone is too long is cut at the end", () => {
    const long = `mcp__server__${"y".repeat(80)}`;
    const wire = createToolNames([tool(long)], [], plain).toWire(long);
    expect(wire).toMatch(/^mcp__y+_[0-9a-f]{8}$/);
    expect(wire.length).toBe(64);
  });

  test.each([
    ["web search", "web_search"],
    ["7zip", "_7zip"],
    ["fs/read", "fs_read"],
    ["größe", "gr__e"],
    ["🔧fix", "_fix"],
    ["a.b:c-d", "a.b:c-d"],
  ])("#30 %s becomes a legal name and comes back", (name, wire) => {
    const names = createToolNames([tool(name)], [], strictFirst);
    expect(names.toWire(name)).toBe(wire);
    expect(names.fromWire(wire)).toEqual({ name });
  });

  test("an empty name becomes a legal one", () => {
    expect(createToolNames([tool("")], [], strictFirst).toWire("")).toBe("_");
  });
});

describe("collisions", () => {
  test("#31 the legal name keeps its own, the other one gets a hash, in either order", () => {
    for (const order of [["read.file", "read_file"], ["read_file", "read.file"]]) {
      const names = createToolNames(order.map((name) => tool(name)), [], plain);
      expect(names.toWire("read_file")).toBe("read_file");
      expect(names.toWire("read.file")).toMatch(/^read_file_[0-9a-f]{8}$/);
      expect(names.fromWire(names.toWire("read.file"))).toEqual({ name: "read.file" });
    }
  });

  test("#31 two illegal names that would be the same do not depend on their order", () => {
    const one = createToolNames([tool("a b"), tool("a/b")], [], plain);
    const two = createToolNames([tool("a/b"), tool("a b")], [], plain);
    expect(one.toWire("a b")).not.toBe(one.toWire("a/b"));
    expect(two.toWire("a b")).toBe(one.toWire("a b"));
    expect(two.toWire("a/b")).toBe(one.toWire("a/b"));
  });

  test("names that differ only in case are different", () => {
    const names = createToolNames([tool("Read"), tool("read")], [], plain);
    expect([names.toWire("Read"), names.toWire("read")]).toEqual(["Read", "read"]);
  });

  test("a name that nobody declared does not take a declared one's place", () => {
    const names = createToolNames([tool("a_b")], [], plain);
    expect(names.toWire("a b")).toMatch(/^a_b_[0-9a-f]{8}$/);
  });
});

describe("history", () => {
  test("#32 a tool that is called but no longer declared keeps its wire name", () => {
    const before = createToolNames([tool("old tool"), tool("new")], [], plain);
    const after = createToolNames([tool("new")], [called("old tool")], plain);
    expect(after.toWire("old tool")).toBe(before.toWire("old tool"));
    expect(after.fromWire("old_tool")).toEqual({ name: "old tool" });
  });

  test("#32 also where it collides with one that is still declared", () => {
    const before = createToolNames([tool("old tool"), tool("old/tool")], [], plain);
    const after = createToolNames([tool("old/tool")], [called("old tool")], plain);
    for (const name of ["old tool", "old/tool"]) expect(after.toWire(name)).toBe(before.toWire(name));
  });

  test("the name of a result is known too", () => {
    const result: Message = { role: "user", parts: [{ kind: "tool-result", callId: "c", name: "x y", variant: "function", content: [] }] };
    expect(createToolNames([], [result], plain).fromWire("x_y")).toEqual({ name: "x y" });
  });

  test("an unknown name from the upstream comes back unchanged", () => {
    expect(createToolNames([], [], plain).fromWire("invented")).toEqual({ name: "invented" });
  });
});

describe("namespaces", () => {
  test("#62 a child is written with its namespace and comes back bare", () => {
    const names = createToolNames([tool("search", "mail"), tool("search")], [], plain);
    expect(names.toWire("search", "mail")).toBe("mail__search");
    expect(names.toWire("search")).toBe("search");
    expect(names.fromWire("mail__search")).toEqual({ name: "search", namespace: "mail" });
    expect(names.fromWire("search")).toEqual({ name: "search" });
  });

  test("a child that says already where it belongs gets no second prefix", () => {
    const names = createToolNames([tool("mcp__mail__send", "mail"), tool("mail__list", "mail")], [], plain);
    expect(names.toWire("mcp__mail__send", "mail")).toBe("mcp__mail__send");
    expect(names.toWire("mail__list", "mail")).toBe("mail__list");
    expect(names.fromWire("mail__list")).toEqual({ name: "mail__list", namespace: "mail" });
  });

  test("where two tools share a full name the first one answers for it", () => {
    const names = createToolNames([tool("mail__send"), tool("send", "mail")], [], plain);
    expect(names.toWire("send", "mail")).toBe("mail__send");
    expect(names.fromWire("mail__send")).toEqual({ name: "mail__send" });
  });
});
