import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CooldownStore, KeptState, Logger } from "@dragoman/gateway";
import { writeAtomically } from "../config/write-atomically.ts";
import { dataDirectory } from "./data-directory.ts";
import { unlessMissing } from "./named-files.ts";

/** Changes that come within this time are written at once. */
const WRITE_AFTER_MS = 1000;

export interface CooldownFile extends CooldownStore {
  /** Writes what is not written yet. */
  close(): void;
}

/** `cooldowns.json` in the data directory. It names credentials, models and times; no secret. */
export function cooldownFile(logger: Logger, directory: string = dataDirectory()): CooldownFile {
  const path = join(directory, "cooldowns.json");
  let pending: (() => KeptState) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isTold = false;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const state = pending;
    pending = undefined;
    if (state === undefined) return;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeAtomically(path, `${JSON.stringify(state(), undefined, 2)}\n`);
    } catch (error) {
      if (!isTold) logger.log("warn", "cooldowns.not-saved", { path, reason: error instanceof Error ? error.message : String(error), effect: "pauses of credentials end with this process" });
      isTold = true;
    }
  };
  return {
    load: () => parsed(unlessMissing(() => readFileSync(path, "utf8"))),
    changed(state) {
      pending = state;
      timer ??= setTimeout(write, WRITE_AFTER_MS);
    },
    close: write,
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
