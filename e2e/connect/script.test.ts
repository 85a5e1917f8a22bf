// scripts/claude_proxy.sh, answered line by line as at a terminal, in every shell that is here.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { listen } from "../kit/running.ts";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

const SCRIPT = resolve(import.meta.dir, "../../scripts/claude_proxy.sh");
const SHELLS = ["sh", "bash", "dash"].filter((shell) => Bun.which(shell) !== null);
const MODEL = MODELS["openai-chat"]!;

let world: World;
let home: string;
beforeAll(() => {
  world = startWorld({ script: () => ({ text: "hello" }) });
});
afterAll(() => world.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "dragoman-script-"));
  mkdirSync(join(home, "bin"));
  for (const name of ["node", "dirname", "stty"]) symlinkSync(Bun.which(name) ?? "", join(home, "bin", name));
  program("claude", "exit 0");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function program(name: string, line: string): void {
  writeFileSync(join(home, "bin", name), `#!/bin/sh\n${line}\n`);
  chmodSync(join(home, "bin", name), 0o755);
}

/** Runs a copy that lies alone, so that it finds no program beside it. */
async function run(shell: string, answers: readonly string[]): Promise<{ code: number; said: string }> {
  const copy = join(home, "claude_proxy.sh");
  writeFileSync(copy, readFileSync(SCRIPT));
  const child = Bun.spawn([Bun.which(shell) ?? shell, copy], { env: { PATH: join(home, "bin"), HOME: home }, stdin: new Blob([answers.map((answer) => `${answer}\n`).join("")]), stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  return { code, said: stdout + stderr };
}

const settings = (): string => join(home, ".claude/settings.json");

describe.each(SHELLS)("%s", (shell) => {
  test("asks, keeps what was there, writes for the owner alone, and tries it", async () => {
    mkdirSync(join(home, ".claude"));
    const before = JSON.stringify({ model: "opus", apiKeyHelper: "echo 'old'", env: { A: "it's", ANTHROPIC_API_KEY: "old" } });
    writeFileSync(settings(), before);
    const { code, said } = await run(shell, [world.origin, "", CLIENT_KEY, MODEL, "y"]);
    expect(said).toContain("It answers.");
    expect(code).toBe(0);
    expect(said).not.toContain(CLIENT_KEY);
    expect(JSON.parse(readFileSync(settings(), "utf8"))).toEqual({ model: "opus", env: { A: "it's", ANTHROPIC_BASE_URL: world.origin, ANTHROPIC_AUTH_TOKEN: CLIENT_KEY, ANTHROPIC_MODEL: MODEL, ANTHROPIC_DEFAULT_HAIKU_MODEL: MODEL } });
    expect(statSync(settings()).mode & 0o777).toBe(0o600);
    const backups = readdirSync(join(home, ".claude")).filter((name) => name.endsWith(".backup"));
    expect(backups.map((name) => [readFileSync(join(home, ".claude", name), "utf8"), statSync(join(home, ".claude", name)).mode & 0o777])).toEqual([[before, 0o600]]);
  });
});

test("each time what was there is kept, and quotes in a key break nothing", async () => {
  for (const key of ["it's \"$HOME\" `id`", CLIENT_KEY]) await run("sh", [world.origin, "", key, MODEL, "y"]);
  await run("sh", [world.origin, "", "third-key", MODEL, "y"]);
  const backups = readdirSync(join(home, ".claude")).filter((name) => name.endsWith(".backup"));
  expect(backups).toHaveLength(2);
  expect(readFileSync(join(home, ".claude", backups.toSorted()[0]!), "utf8")).toContain(JSON.stringify("it's \"$HOME\" `id`"));
});

test("asks for the scheme when there is none, and names provider and model in the address", async () => {
  const port = new URL(world.origin).port;
  const { said, code } = await run("sh", [`localhost:${port}`, "api.groq.com/openai/v1", "https", "gsk_key_of_the_provider", "sk-of-the-gateway", "org/model", "y"]);
  expect(JSON.parse(readFileSync(settings(), "utf8"))).toMatchObject({ env: { ANTHROPIC_BASE_URL: `http://localhost:${port}/https/api.groq.com/openai/v1/org%2Fmodel`, ANTHROPIC_CUSTOM_HEADERS: "x-dragoman-key: sk-of-the-gateway" } });
  // This gateway takes no upstreams in the path, and says so.
  expect(said).toContain("HTTP 4");
  expect(code).toBe(1);
});

test("a gateway that does not run is told in words, not as HTTP 000", async () => {
  const gone = listen(() => new Response());
  await gone.close();
  const { code, said } = await run("sh", [gone.origin, "", "key", MODEL, "y"]);
  expect(code).toBe(1);
  expect(said).toContain("cannot be reached: nothing listens there");
  expect(said).not.toContain("HTTP");
});

test("changes nothing without a yes, without a gateway's address, or when the file is broken", async () => {
  expect(await run("sh", [world.origin, "", "key", MODEL, "n"])).toMatchObject({ code: 0, said: expect.stringContaining("Nothing was changed") });
  expect(await run("sh", [""])).toMatchObject({ code: 1, said: expect.stringContaining("Without an address") });
  expect(await run("sh", [])).toMatchObject({ code: 1 });
  mkdirSync(join(home, ".claude"));
  writeFileSync(settings(), "{ broken");
  expect(await run("sh", [world.origin, "", "key", MODEL, "y"])).toMatchObject({ code: 1, said: expect.stringContaining("is not valid JSON") });
  expect(readFileSync(settings(), "utf8")).toBe("{ broken");
  expect(readdirSync(join(home, ".claude"))).toEqual(["settings.json"]);
});

test("hands over to dragoman where that is installed, with the key in a variable", async () => {
  program("dragoman", 'echo "args: $*; key: $DRAGOMAN_API_KEY"');
  const { said } = await run("sh", [world.origin, "", "the-key", MODEL, "y"]);
  expect(said).toContain(`args: connect claude-code --url ${world.origin} --model ${MODEL} --yes; key: the-key`);
});

test("installs Claude Code only when told to", async () => {
  rmSync(join(home, "bin/claude"));
  program("npm", `echo "npm $*" >> "$HOME/npm.log"`);
  await run("sh", [world.origin, "", CLIENT_KEY, MODEL, "y", "n"]);
  expect(readdirSync(home)).not.toContain("npm.log");
  await run("sh", [world.origin, "", CLIENT_KEY, MODEL, "y", "y"]);
  expect(readFileSync(join(home, "npm.log"), "utf8")).toBe("npm install --global @anthropic-ai/claude-code\n");
});
