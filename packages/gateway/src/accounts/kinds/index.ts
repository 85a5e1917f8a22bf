import type { AccountKind } from "../account-kind.ts";
import { aistudio } from "./aistudio/index.ts";
import { antigravity } from "./antigravity/index.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex/index.ts";
import { factory } from "./factory/index.ts";
import { geminiCli } from "./gemini-cli/index.ts";
import { iflow } from "./iflow/index.ts";
import { kimi } from "./kimi/index.ts";
import { qwen } from "./qwen/index.ts";
import { vertex } from "./vertex/index.ts";
import { xai } from "./xai/index.ts";

/** The kinds of accounts that come with the gateway. */
export const ACCOUNT_KINDS: readonly AccountKind[] = [aistudio, antigravity, claude, codex, factory, geminiCli, iflow, kimi, qwen, vertex, xai];
