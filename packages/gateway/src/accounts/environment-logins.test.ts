import { describe, expect, test } from "bun:test";
import { defineProvider, type JsonObject } from "@dragoman/core";
import type { AccountFiles } from "./account-files.ts";
import { defineAccountKind } from "./account-kind.ts";
import { environmentLogins, type FoundAccounts } from "./environment-logins.ts";

const kind = defineAccountKind({
  name: "example", types: ["example"], title: "Example", defaults: {},
  provider: defineProvider({ id: "example", name: "Example", baseUrl: "https://api.example.com", dialects: {}, auth: { kind: "api-key", header: "authorization" } }),
  read: () => ({ label: "one" }),
  fromEnvironment: ({ EXAMPLE_KEY, EXAMPLE_REFRESH }) => ({
    ...(EXAMPLE_KEY !== undefined && { passing: [{ file: "environment EXAMPLE_KEY", content: { api_key: EXAMPLE_KEY } }], resting: ["kept.json"] }),
    ...(EXAMPLE_REFRESH !== undefined && { kept: [{ file: "kept.json", origin: EXAMPLE_REFRESH, content: { type: "example", refresh_token: EXAMPLE_REFRESH } }] }),
    followed: [".example/login.json"],
  }),
});

interface World {
  readonly disk: Map<string, string>;
  readonly log: string[];
  look(variables: Record<string, string>, looksOnly?: true): Promise<FoundAccounts>;
  stored(name: string): JsonObject;
}

function world({ refuses = false, files = {} }: { readonly refuses?: boolean; readonly files?: Record<string, JsonObject> } = {}): World {
  const disk = new Map(Object.entries(files).map(([name, content]) => [name, JSON.stringify(content)]));
  const log: string[] = [];
  const accountFiles: AccountFiles = {
    directory: "/logins",
    list: () => Promise.resolve([]),
    read: (name) => Promise.resolve(disk.has(name) ? new TextEncoder().encode(disk.get(name)) : undefined),
    write: (name, content) => (refuses ? Promise.reject(new Error("the disk is full")) : Promise.resolve(void disk.set(name, String(content)))),
    remove: () => Promise.resolve(false),
  };
  return {
    disk, log,
    look: (variables, looksOnly) => environmentLogins({ kinds: [kind], environment: { variables, ...(looksOnly !== undefined && { looksOnly }) }, files: accountFiles, logger: { log: (_level, event) => void log.push(event) } }),
    stored: (name) => JSON.parse(disk.get(name) ?? "null") as JsonObject,
  };
}

describe("logins of the environment", () => {
  test("fixed keys stand in no file, and files may rest because of them", async () => {
    const { accounts, resting } = await world().look({ EXAMPLE_KEY: "k" });
    expect(accounts).toEqual([{ name: "environment EXAMPLE_KEY", kind, content: { api_key: "k" }, isPassing: true }]);
    expect([...resting]).toEqual(["kept.json"]);
  });

  test("a secret that changes is written down once, without what it was in the mark, and anew for another value", async () => {
    const { look, stored, disk } = world();
    expect((await look({ EXAMPLE_REFRESH: "first" })).accounts).toEqual([]);
    expect(stored("kept.json")).toMatchObject({ type: "example", refresh_token: "first", from_environment: expect.stringMatching(/^[0-9a-f]{16}$/) });
    disk.set("kept.json", JSON.stringify({ ...stored("kept.json"), refresh_token: "its successor" }));
    await look({ EXAMPLE_REFRESH: "first" });
    expect(stored("kept.json").refresh_token).toBe("its successor");
    await look({ EXAMPLE_REFRESH: "second" });
    expect(stored("kept.json").refresh_token).toBe("second");
  });

  test("it is used all the same where nothing can be written, or nothing shall be", async () => {
    const full = world({ refuses: true });
    expect((await full.look({ EXAMPLE_REFRESH: "first" })).accounts).toMatchObject([{ name: "kept.json", isPassing: true }]);
    expect(full.log).toEqual(["account.not-kept"]);
    const looking = world();
    expect((await looking.look({ EXAMPLE_REFRESH: "first" }, true)).accounts).toMatchObject([{ name: "kept.json", isPassing: true }]);
    expect([looking.disk.size, looking.log.length]).toEqual([0, 0]);
  });

  test("another program's file is an account as it stands; what is no object is none", async () => {
    expect((await world({ files: { "~/.example/login.json": { access_token: "a" } } }).look({})).accounts).toEqual([{ name: "~/.example/login.json", kind, content: { access_token: "a" }, isPassing: false }]);
    const broken = world();
    broken.disk.set("~/.example/login.json", "{");
    expect((await broken.look({})).accounts).toEqual([]);
  });
});
