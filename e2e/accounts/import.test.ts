// Logins of other programs, as they leave them, taken over by the program as people run it.
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeHome, runCommand, type Home } from "../kit/program.ts";

// Each test starts the program a few times.
setDefaultTimeout(60_000);

let home: Home;
beforeEach(() => {
  home = makeHome();
  home.write("config.yaml", `# kept\nauth-dir: ${home.directory}/auth\n`);
});
afterEach(() => home.remove());

function leave(path: string, content: unknown): void {
  const place = join(home.directory, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, typeof content === "string" ? content : JSON.stringify(content));
}

const CLAUDE_CODE = { claudeAiOauth: { accessToken: "sk-ant-oat01-secret", refreshToken: "sk-ant-ort01-secret", expiresAt: 1_800_000_000_000, scopes: ["user:inference"] } };
const OURS = { type: "claude", email: "me@example.com", access_token: "sk-ant-oat01-secret-2", refresh_token: "sk-ant-ort01-secret-2", expired: "2027-01-01T00:00:00Z", prefix: "team" };

function leaveAll(): void {
  leave(".claude/.credentials.json", CLAUDE_CODE);
  leave(".cli-proxy-api/claude-me@example.com.json", OURS);
  leave(".cli-proxy-api/other.json", { type: "no-such-kind", access_token: "at-secret" });
  leave(".cli-proxy-api/broken.json", "{");
  leave(".cli-proxy-api/notes.txt", "not looked at");
}

const run = (...words: string[]): ReturnType<typeof runCommand> => runCommand(home, ["import", ...words]);
const authFiles = (): string[] => (existsSync(join(home.directory, "auth")) ? readdirSync(join(home.directory, "auth")).filter((name) => name.endsWith(".json")).sort() : []);
const stored = (name: string): unknown => JSON.parse(readFileSync(join(home.directory, "auth", name), "utf8"));

interface Listed {
  readonly logins: readonly { readonly program: string; readonly kind: string; readonly account: string; readonly state: string; readonly file: string; readonly taken: boolean }[];
  readonly unusable: readonly { readonly path: string; readonly reason: string }[];
}

describe("dragoman import", () => {
  test("lists what is there, without tokens, and takes nothing by itself", async () => {
    leaveAll();
    const { code, stdout, stderr } = await run();
    expect(code).toBe(0);
    for (const word of ["Claude Code", "CLIProxyAPI", "me@example.com", "new", "no-such-kind are not known here", "it holds no JSON"]) expect(stdout).toContain(word);
    expect(stdout + stderr).not.toContain("secret");
    expect(authFiles()).toEqual([]);
  });

  test("takes all over, with consent, for the owner only; a second time there is nothing to do", async () => {
    leaveAll();
    const refused = await run("--all");
    expect([refused.code, refused.stderr, authFiles()]).toEqual([2, expect.stringContaining("--yes"), []]);
    const { code, stdout } = await run("--all", "--yes");
    expect([code, authFiles()]).toEqual([0, ["claude-code.json", "claude-me@example.com.json"]]);
    expect(stdout).toContain("taken over me@example.com");
    expect(stored("claude-me@example.com.json")).toEqual(OURS);
    expect(stored("claude-code.json")).toMatchObject({ type: "claude", access_token: "sk-ant-oat01-secret", refresh_token: "sk-ant-ort01-secret" });
    expect(statSync(join(home.directory, "auth/claude-code.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home.directory, "config.yaml"), "utf8")).toMatch(/^# kept\n[^]*subscriptions:\s+(?:\[ ?|- )\w/);
    const again = JSON.parse((await run("--all", "--json")).stdout) as Listed;
    expect(again.logins.map(({ state, taken }) => [state, taken])).toEqual([["here already", false], ["here already", false]]);
  });

  test("finds Factory's login, and droid2api's in its directory; its configuration holds none", async () => {
    const token = `x.${Buffer.from(JSON.stringify({ email: "me@example.com", org_id: "org_1", exp: 1_800_000_000 })).toString("base64url")}.x`;
    leave(".factory/auth.json", { access_token: token, refresh_token: "factory-refresh" });
    leave("droid2api/auth.json", { access_token: "opaque", refresh_token: "droid-refresh", last_updated: "2025-11-21T10:00:00.000Z" });
    leave("droid2api/config.json", { port: 3000, endpoint: [], models: [] });
    expect((await run("--all", "--yes")).code).toBe(0);
    expect(stored("factory-me@example.com.json")).toMatchObject({ type: "factory", refresh_token: "factory-refresh", organization_id: "org_1" });
    const { stdout } = await run("--from", join(home.directory, "droid2api"), "--all", "--yes");
    expect(stdout).toContain("droid2api's configuration");
    expect(stored("factory-login.json")).toMatchObject({ type: "factory", refresh_token: "droid-refresh", last_refresh: "2025-11-21T10:00:00.000Z" });
  });

  test("what is here with other tokens is not written over by --all", async () => {
    leaveAll();
    leave("auth/claude-me@example.com.json", { ...OURS, access_token: "newer", refresh_token: "newer" });
    const listed = JSON.parse((await run("--all", "--yes", "--json")).stdout) as Listed;
    expect(listed.logins.find(({ file }) => file === "claude-me@example.com.json")).toMatchObject({ state: "here, with other tokens", taken: false });
    expect(stored("claude-me@example.com.json")).toMatchObject({ access_token: "newer" });
  });

  test("--dry-run says it and does nothing", async () => {
    leaveAll();
    const { code, stdout } = await run("--all", "--dry-run");
    expect([code, stdout, authFiles()]).toEqual([0, expect.stringContaining("would take over me@example.com"), []]);
    expect(readFileSync(join(home.directory, "config.yaml"), "utf8")).not.toContain("subscriptions");
  });

  test("--from a directory, or a file of either sort", async () => {
    leave("elsewhere/claude-me@example.com.json", OURS);
    leave("copied.json", CLAUDE_CODE);
    leave("nothing.json", { some: "thing" });
    expect((await run("--from", "elsewhere", "--all", "--yes")).code).toBe(0);
    expect((await run("--from", "copied.json", "--all")).code).toBe(0);
    expect(authFiles()).toEqual(["claude-code.json", "claude-me@example.com.json"]);
    expect((await run("--from", "nothing.json", "--all")).stdout).toContain("no login of a known program");
    const missing = await run("--from", "no-such-place");
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("there is no no-such-place")]);
  });

  test("a program's directory may be elsewhere", async () => {
    leave("moved/.credentials.json", CLAUDE_CODE);
    const { stdout } = await runCommand(home, ["import", "--json"], { CLAUDE_CONFIG_DIR: join(home.directory, "moved") });
    expect((JSON.parse(stdout) as Listed).logins).toMatchObject([{ program: "Claude Code", kind: "claude", state: "new", taken: false }]);
  });

  test("nothing to find", async () => {
    expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining("No logins of other programs") });
  });
});
