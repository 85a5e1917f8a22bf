import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../packages/server/src/cli/commands/index.ts";
import { commandHelp } from "../../packages/server/src/cli/help.ts";
import { listen } from "../kit/running.ts";
import { makeHome, runCommand, type Home } from "../kit/program.ts";

let home: Home;
beforeAll(() => {
  home = makeHome();
});
afterAll(() => home.remove());

const run = (...args: string[]): ReturnType<typeof runCommand> => runCommand(home, args);

describe("the program", () => {
  test("--version, -v and version", async () => {
    for (const told of await Promise.all(["--version", "-v", "version"].map((word) => run(word)))) expect(told).toMatchObject({ code: 0, stdout: "0.1.0\n", stderr: "" });
  });

  test("help names every command, and each has its own", async () => {
    const [all, own, other] = await Promise.all([run("help"), run("models", "--help"), run("help", "models")]);
    expect([all, own, other].map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { name, summary } of COMMANDS) expect(all.stdout.split("\n").some((line) => line.startsWith(`  ${name} `) && line.endsWith(` ${summary}`))).toBe(true);
    expect(own.stdout).toBe(other.stdout);
    for (const command of COMMANDS) {
      const help = commandHelp(command);
      expect(help).toContain(`dragoman ${command.name}`);
      expect([command.name, command.examples.length > 0]).toEqual([command.name, true]);
    }
  });

  test("a command that is not there is told, with the nearest", async () => {
    const { code, stderr, stdout } = await run("modles");
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain('did you mean "models"?');
    expect((await run("xyzzyx")).stderr).not.toContain("did you mean");
  });

  test("an option that is not there, or a port that is none, is told in one line", async () => {
    const unknown = await run("serve", "--prot", "9000");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("--prot");
    expect(unknown.stderr).not.toContain("    at ");
    const port = await run("serve", "--port", "http");
    expect(port).toMatchObject({ code: 2, stderr: expect.stringContaining("--port takes a number") });
  });

  test("a port that is taken is told, with what to do", async () => {
    const other = listen(() => new Response("I was here first"));
    const { code, stderr } = await run("serve", "--port", new URL(other.origin).port);
    expect(code).toBe(2);
    expect(stderr).toContain("is taken");
    expect(stderr).toContain("--port");
    await other.close();
  });
});

describe("config", () => {
  test("init writes a file that check finds good, and does not overwrite it", async () => {
    expect(await run("config", "init")).toMatchObject({ code: 0, stdout: expect.stringContaining("config.yaml") });
    const path = join(home.directory, "config.yaml");
    expect(existsSync(path)).toBe(true);
    expect(await run("config", "check")).toMatchObject({ code: 0, stdout: expect.stringContaining("ok") });
    const again = await run("config", "init");
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
    expect((await run("config", "init", "--force")).code).toBe(0);
  });

  test("check names line, key and what was meant", async () => {
    const path = home.write("bad.yaml", "port: 8317\napi-kyes:\n  - abc\nclaude-api-key:\n  - api-key: x\n    base-url: ftp://nowhere\n");
    const { code, stdout } = await run("config", "check", path);
    expect(code).toBe(1);
    expect(stdout).toContain("api-keys");
    expect(stdout).toMatch(/bad\.yaml:2/);
    expect(stdout).toMatch(/bad\.yaml:6/);
    const json = JSON.parse((await run("config", "check", path, "--json")).stdout) as { ok: boolean; problems: unknown[] };
    expect(json.ok).toBe(false);
    expect(json.problems.length).toBeGreaterThanOrEqual(1);
  });

  test("schema is the JSON Schema that lies beside the sources", async () => {
    const { code, stdout } = await run("config", "schema");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(import.meta.dir, "../../config.schema.json"), "utf8")));
  });

  test("serve refuses a bad file in words, and says which", async () => {
    const path = home.write("worse.yaml", "port: lots\n");
    const { code, stderr } = await run("serve", "--config", path);
    expect(code).toBe(2);
    expect(stderr).toContain("worse.yaml");
    expect(stderr).not.toContain("    at ");
    expect((await run("serve", "--config", "not-there.yaml")).code).toBe(2);
  });
});

describe("models and doctor", () => {
  test("without anything configured they say what to do", async () => {
    const bare = makeHome();
    const models = await runCommand(bare, ["models", "--offline"]);
    expect(models).toMatchObject({ code: 0, stdout: expect.stringContaining("OPENAI_API_KEY") });
    const doctor = await runCommand(bare, ["doctor"]);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain("none: set a provider key");
    bare.remove();
  });

  test("with a key in the environment and a file they list what there is", async () => {
    const bare = makeHome();
    bare.write("config.yaml", JSON.stringify({ "openai-compatibility": [{ name: "mine", "base-url": "http://127.0.0.1:9/v1", models: [{ name: "my-model" }] }] }));
    const found = JSON.parse((await runCommand(bare, ["models", "--json", "--offline"], { ANTHROPIC_API_KEY: "sk-ant-secret-of-the-environment" })).stdout) as { id: string; ownedBy: string }[];
    expect(found).toContainEqual(expect.objectContaining({ id: "my-model", ownedBy: "mine" }));
    expect(found.some(({ id }) => id.startsWith("claude-"))).toBe(true);
    const doctor = await runCommand(bare, ["doctor", "--json"], { ANTHROPIC_API_KEY: "sk-ant-secret-of-the-environment" });
    const findings = JSON.parse(doctor.stdout) as { verdict: string; subject: string; detail: string }[];
    expect(findings.find(({ subject }) => subject === "models")?.verdict).toBe("ok");
    expect(findings.find(({ subject }) => subject === "connections")?.verdict).toBe("ok");
    expect(findings.some(({ detail }) => detail === "ANTHROPIC_API_KEY")).toBe(true);
    expect(doctor.stdout).not.toContain("sk-ant-secret");
    bare.remove();
  });
});
