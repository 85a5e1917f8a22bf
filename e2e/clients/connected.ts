import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOGIN_MODEL } from "./clients-world.ts";

/** How a CLI is called by `dragoman connect`, and asked one question in a shell. */
interface Connected {
  readonly id: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly model?: string;
}

const QUESTION = "Say hello.";
/** Without a terminal Gemini CLI works in trusted folders only, whoever its models come from. */
const TRUSTED = ["-p", QUESTION, "--skip-trust"];

/** By the CLI's name in `clis/`. */
export const CONNECTED: Readonly<Record<string, Connected>> = {
  "Claude Code": { id: "claude-code", command: "claude", args: ["-p", QUESTION] },
  "Codex CLI": { id: "codex", command: "codex", args: ["exec", "--skip-git-repo-check", QUESTION] },
  "Gemini CLI": { id: "gemini-cli", command: "gemini", args: TRUSTED },
  "Gemini CLI with login": { id: "gemini-cli-login", command: "gemini", args: TRUSTED, model: LOGIN_MODEL },
  "Qwen Code": { id: "qwen-code", command: "qwen", args: ["-p", QUESTION] },
};

/** Files below a directory that hold a text. */
export function filesBelow(directory: string, text: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).filter((path) => readFileSync(path).includes(text));
}
