import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, lstatSync, readlinkSync, symlinkSync } from "node:fs";
import { CLIENTS, valueAt } from "@dragoman/gateway";
import { FORMATS } from "../../packages/server/src/connect/formats/index.ts";
import { placesOf } from "../../packages/server/src/connect/places.ts";
import { FIXTURES, type Fixture } from "./fixtures.ts";
import { makeHouse, type House } from "./kit.ts";

const SETTING = { url: "http://127.0.0.1:8317", key: "sk-dragoman-key-of-the-tests", model: "model-one", roles: { small: "model-two" } };
const { roles: _roles, ...PLAIN } = SETTING;
const WISH = { ...PLAIN, offline: true };

let house: House;
beforeEach(() => {
  house = makeHouse();
});
afterEach(() => house.remove());

const clientOf = (id: string): (typeof CLIENTS)[number] => CLIENTS.find((client) => client.id === id)!;
const rolesOf = (id: string): { roles?: Record<string, string> } => (clientOf(id).roles?.small === undefined ? {} : { roles: SETTING.roles });
const named = FIXTURES.map((fixture): [string, Fixture] => [`${fixture.client}, ${fixture.what}`, fixture]);
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, "");

function prepare({ files }: Fixture): void {
  for (const [name, content] of Object.entries(files)) house.write(name, content, 0o640);
}

describe.each(named)("%s", (_name, fixture) => {
  const { client, files, changed = [] } = fixture;
  const wish = { ...WISH, ...rolesOf(client) };

  test("connect changes the client's own keys and nothing else", async () => {
    prepare(fixture);
    expect(await house.connect(client, wish)).toMatchObject({ written: true, obstacles: [] });
    for (const { path, format, file } of placesOf(clientOf(client), house.around)) {
      const name = path.slice(house.path("").length + 1);
      const [before = "", after = ""] = [withoutMark(files[name] ?? ""), withoutMark(house.bytes(name) ?? "")];
      const tree = FORMATS[format].read(after);
      for (const put of file.puts(wish)) if (put.onlyIfMissing !== true) expect(valueAt(tree, put.path)).toEqual(put.value as never);
      expectOnlyOurs(before, after, changed);
      expect(/^\uFEFF/.test(house.bytes(name) ?? "")).toBe(/^\uFEFF/.test(files[name] ?? ""));
      if (before.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
      else expect(after).not.toContain("\r");
      if (before !== "" && format !== "variables") expect(after.endsWith("\n")).toBe(before.endsWith("\n"));
      expect(house.mode(name)).toBe(files[name] === undefined ? 0o600 : 0o640);
    }
  });

  test("--undo brings back every byte, and leaves nothing that was not there", async () => {
    prepare(fixture);
    await house.connect(client, wish);
    await house.connect(client, { ...wish, model: "model-three" });
    house.undo(client);
    for (const { path } of placesOf(clientOf(client), house.around)) {
      const name = path.slice(house.path("").length + 1);
      expect(house.bytes(name)).toBe(files[name] as string);
      if (files[name] !== undefined) expect(house.mode(name)).toBe(0o640);
      else if (Object.keys(files).length === 0 && name.includes("/")) expect(existsSync(house.path(name.split("/")[0] ?? ""))).toBe(false);
    }
  });

  test("connected once more, the same way, changes nothing", async () => {
    prepare(fixture);
    await house.connect(client, wish);
    expect(await house.connect(client, wish)).toMatchObject({ written: false, obstacles: [] });
  });
});

/** Every line that was there is there still, in its order, but for those that may change; a comma may have come behind one. */
function expectOnlyOurs(before: string, after: string, changed: readonly string[]): void {
  const lines = after.split(/\r?\n/);
  let at = 0;
  for (const line of before.split(/\r?\n/)) {
    if (changed.includes(line.trim())) continue;
    const found = lines.findIndex((other, index) => index >= at && (other === line || other === `${line},`));
    if (found < 0) throw new Error(`gone: ${JSON.stringify(line)} in\n${after}`);
    at = found + 1;
  }
}

describe("the file", () => {
  test("may be a link; what it leads to is written, and it stays a link", async () => {
    const real = house.write("dotfiles/claude.json", '{\n  "model": "opus"\n}\n');
    house.write(".claude/other", "");
    symlinkSync(real, house.path(".claude/settings.json"));
    await house.connect("claude-code", WISH);
    expect(lstatSync(house.path(".claude/settings.json")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(house.path(".claude/settings.json"))).toBe(real);
    expect(house.bytes("dotfiles/claude.json")).toContain("ANTHROPIC_AUTH_TOKEN");
    house.undo("claude-code");
    expect(house.bytes("dotfiles/claude.json")).toBe('{\n  "model": "opus"\n}\n');
  });

  test.each([
    ["claude-code", ".claude/settings.json", '{\n  "model": "opus"\n  "env": {}\n}\n', 3],
    ["codex-cli", ".codex/config.toml", 'model = "x"\n[broken\n', 2],
    ["aider", ".aider.conf.yml", "model: sonnet\nread: [a, b\nx: 1\n", 3],
  ])("of %s that cannot be read is left as it is, and its line is told", async (client, name, content, line) => {
    house.write(name, content);
    const report = await house.connect(client, WISH);
    expect(report).toMatchObject({ written: false, obstacles: [{ path: house.path(name), line }] });
    expect(house.bytes(name)).toBe(content);
    expect(house.said.join("\n")).toContain(`${name}:${line}`);
  });

  test("that says something else where the client has a group is left as it is", async () => {
    house.write(".claude/settings.json", '{ "env": "A=b" }');
    expect(await house.connect("claude-code", WISH)).toMatchObject({ written: false, obstacles: [{ reason: expect.stringContaining('"env"') }] });
    expect(house.bytes(".claude/settings.json")).toBe('{ "env": "A=b" }');
  });

  test("is asked for when the client has none in a usual place, or none for projects", async () => {
    await expect(house.connect("librechat", WISH)).rejects.toThrow(/--file/);
    await expect(house.connect("codex-cli", { ...WISH, project: true })).rejects.toThrow(/no settings for a project/);
    expect(await house.connect("librechat", { ...WISH, path: house.path("somewhere.yaml") })).toMatchObject({ written: true });
    expect(house.bytes("somewhere.yaml")).toContain("http://host.docker.internal:8317/v1");
  });

  test("that is no text is left as it is", async () => {
    house.write(".claude/settings.json", "");
    await Bun.write(house.path(".claude/settings.json"), new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]));
    expect(await house.connect("claude-code", WISH)).toMatchObject({ written: false, obstacles: [{ reason: "is no text in UTF-8" }] });
  });

  test("is where the client's own variables say", async () => {
    const elsewhere = makeHouse({ CLAUDE_CONFIG_DIR: "claude-elsewhere", CODEX_HOME: "codex-elsewhere", XDG_CONFIG_HOME: "xdg", GEMINI_CLI_HOME: "gemini-elsewhere", QWEN_HOME: "qwen-elsewhere", CONTINUE_GLOBAL_DIR: "continue-elsewhere" });
    for (const [client, name] of [["claude-code", "claude-elsewhere/settings.json"], ["codex-cli", "codex-elsewhere/config.toml"], ["opencode", "xdg/opencode/opencode.json"], ["zed", "xdg/zed/settings.json"], ["gemini-cli", "gemini-elsewhere/.gemini/.env"], ["qwen-code", "qwen-elsewhere/settings.json"], ["continue", "continue-elsewhere/config.yaml"]] as const) {
      await elsewhere.connect(client, WISH);
      expect(elsewhere.bytes(name)).toContain(client === "zed" ? "127.0.0.1" : SETTING.key);
    }
    elsewhere.remove();
  });

  test("is below %APPDATA% on Windows, where the client has it there", () => {
    const around = { ...house.around, platform: "win32" as const, environment: { APPDATA: "/users/me/AppData/Roaming" } };
    expect(placesOf(clientOf("zed"), around)[0]?.path).toBe("/users/me/AppData/Roaming/Zed/settings.json");
  });

  test("of a project is another one, and is undone by itself", async () => {
    await house.connect("claude-code", WISH);
    await house.connect("claude-code", { ...WISH, project: true });
    const path = `${house.around.project}/.claude/settings.local.json`;
    expect(existsSync(path)).toBe(true);
    house.undo("claude-code", { project: true });
    expect(existsSync(path)).toBe(false);
    expect(house.bytes(".claude/settings.json")).toContain(SETTING.key);
  });
});

describe("--undo of a file that was changed since", () => {
  const before = '{\n  "model": "opus", // mine\n  "env": { "ANTHROPIC_BASE_URL": "https://api.example.com", "A": "b" }\n}\n';

  test("takes back our keys alone", async () => {
    house.write(".claude/settings.json", before);
    await house.connect("claude-code", WISH);
    house.write(".claude/settings.json", house.bytes(".claude/settings.json")!.replace('"opus"', '"haiku"'));
    expect(house.undo("claude-code").files).toMatchObject([{ outcome: "taken-back" }]);
    expect(FORMATS.json.read(house.bytes(".claude/settings.json")!)).toEqual({ model: "haiku", env: { ANTHROPIC_BASE_URL: "https://api.example.com", A: "b" } });
    expect(house.bytes(".claude/settings.json")).toContain("// mine");
    expect(house.undo("claude-code").files).toEqual([]);
  });

  test("leaves what somebody has set to something else", async () => {
    house.write(".codex/config.toml", 'model = "gpt-5"\n');
    await house.connect("codex-cli", WISH);
    house.write(".codex/config.toml", house.bytes(".codex/config.toml")!.replace('model = "model-one"', 'model = "mine"'));
    house.undo("codex-cli");
    expect(house.bytes(".codex/config.toml")).toBe('model = "mine"\n');
  });

  test("takes a block of variables out and keeps the rest", async () => {
    house.write(".bashrc", "alias a=b\n");
    await house.connect("sdk", WISH);
    house.write(".bashrc", `${house.bytes(".bashrc")!}alias c=d\n`);
    house.undo("sdk");
    expect(house.bytes(".bashrc")).toBe("alias a=b\nalias c=d\n");
  });

  test("with --force brings back the whole file", async () => {
    house.write(".claude/settings.json", before);
    await house.connect("claude-code", WISH);
    house.write(".claude/settings.json", "{}");
    expect(house.undo("claude-code", { force: true }).files).toMatchObject([{ outcome: "restored" }]);
    expect(house.bytes(".claude/settings.json")).toBe(before);
  });

  test("cannot do anything with one that is broken now, and can when it is mended", async () => {
    house.write(".claude/settings.json", before);
    await house.connect("claude-code", WISH);
    const good = house.bytes(".claude/settings.json")!;
    house.write(".claude/settings.json", `${good}}`);
    expect(house.undo("claude-code").files).toMatchObject([{ outcome: "unreadable" }]);
    house.write(".claude/settings.json", good);
    expect(house.undo("claude-code").files).toMatchObject([{ outcome: "restored" }]);
  });
});
