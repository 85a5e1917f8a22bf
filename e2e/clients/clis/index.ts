import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { geminiCli, geminiCliWithLogin } from "./gemini-cli.ts";
import { qwenCode } from "./qwen-code.ts";
import type { Cli } from "../cli.ts";

export const CLIS: readonly Cli[] = [claudeCode, codex, geminiCli, geminiCliWithLogin, qwenCode];
