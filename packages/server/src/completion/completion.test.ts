// The scripts in real shells, where a shell is there; bash is everywhere that the proof runs.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMANDS } from "../cli/commands/index.ts";
import { bashScript } from "./bash.ts";
import { completionTable } from "./completion-table.ts";
import { fishScript } from "./fish.ts";
import { powershellScript } from "./powershell.ts";
import { zshScript } from "./zsh.ts";

const table = completionTable(COMMANDS);
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "dragoman-completion-"));
  mkdirSync(join(directory, "bin"));
  // Stands for the program: what it would say of its models.
  writeFileSync(join(directory, "bin/dragoman"), '#!/bin/sh\n[ "$1 $2" = "completion models" ] && printf "model-one\\nmodel-two\\n"\n');
  chmodSync(join(directory, "bin/dragoman"), 0o755);
  writeFileSync(join(directory, "team.yaml"), "");
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function inShell(shell: string, script: string): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([shell, "-c", script], { cwd: directory, env: { PATH: `${join(directory, "bin")}:${process.env.PATH}`, HOME: directory } });
  if (exitCode !== 0) throw new Error(`${shell}: ${stderr.toString()}`);
  return stdout.toString();
}

describe("the table", () => {
  test("has every command but none of the hidden options", () => {
    expect(table.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name));
    expect(table.find(({ name }) => name === "serve")?.options.map(({ long }) => long)).not.toContain("--password");
  });

  test("reads from the help what may follow", () => {
    const words = (command: string) => table.find(({ name }) => name === command)?.words;
    expect(words("config")).toEqual({ words: ["check", "init", "schema"], models: false, files: true });
    expect(words("secret")?.words).toEqual(["set", "list", "remove"]);
    expect(words("connect")?.words).toContain("claude-code");
    expect(words("login")?.words).toContain("codex");
    expect(words("prices")).toEqual({ words: ["update"], models: true, files: true });
  });
});

describe("bash", () => {
  const complete = (...typed: string[]): readonly string[] =>
    inShell("bash", `${bashScript(table)}\nCOMP_WORDS=(${typed.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${typed.length - 1}; _dragoman; printf '%s\\n' "\${COMPREPLY[@]}"`).split("\n").filter((line) => line !== "");

  test("commands", () => {
    expect(complete("dragoman", "se")).toEqual(["serve", "secret", "service"]);
    expect(complete("dragoman", "completion", "")).toEqual(["bash", "zsh", "fish", "powershell"]);
  });

  test("options, and after one that takes a value its values alone", () => {
    expect(complete("dragoman", "serve", "--po")).toEqual(["--port"]);
    expect(complete("dragoman", "serve", "--config", "te")).toEqual(["team.yaml"]);
    expect(complete("dragoman", "serve", "-c", "te")).toEqual(["team.yaml"]);
    expect(complete("dragoman", "serve", "--port", "")).toEqual([]);
  });

  test("clients, kinds of accounts, models", () => {
    expect(complete("dragoman", "connect", "claude-c")).toEqual(["claude-code"]);
    expect(complete("dragoman", "login", "fac")).toEqual(["factory"]);
    expect(complete("dragoman", "connect", "--model", "model-t")).toEqual(["model-two"]);
  });
});

if (Bun.which("zsh") !== null) {
  test("zsh takes the script, and knows the words", () => {
    const script = zshScript(table);
    const said = inShell("zsh", `compdef() { : }; compadd() { print -l -- "$@" }; _describe() { print -l -- "\${(@P)2}" }; _files() { print FILES }; _dragoman_try() { ${script.replace("_dragoman() {", "_inner() {")}\nwords=(dragoman connect ''); CURRENT=3; _inner }; _dragoman_try`);
    expect(said).toContain("claude-code");
    expect(said).toContain("--model:");
  });
}

if (Bun.which("fish") !== null) {
  test("fish completes with the script", () => {
    writeFileSync(join(directory, "dragoman.fish"), fishScript(table));
    const offered = (line: string): readonly string[] => inShell("fish", `source ${directory}/dragoman.fish; complete -C '${line}'`).split("\n").map((entry) => entry.split("\t")[0] ?? "");
    expect(offered("dragoman ser")).toEqual(["serve", "service", ""]);
    expect(offered("dragoman connect claude-c")).toContain("claude-code");
    expect(offered("dragoman serve --config te")).toContain("team.yaml");
  });
}

test("PowerShell's script names every command, and its quotes close", () => {
  const script = powershellScript(table);
  for (const { name } of table) expect(script).toContain(`'${name}' = @(`);
  expect((script.match(/'/g) ?? []).length % 2).toBe(0);
  for (const [open, close] of [["{", "}"], ["(", ")"]] as const) expect(script.split(open).length).toBe(script.split(close).length);
});
