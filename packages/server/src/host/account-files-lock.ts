import { randomBytes } from "node:crypto";
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { unlessMissing } from "./named-files.ts";

/** A lock that nobody has touched for so long is left over. */
const STALE_MS = 60_000;
/** Whoever holds one touches it this often. */
const TOUCH_MS = 15_000;
const LOOK_EVERY_MS = 20;

/** Tells this process from an earlier one of the same number, as in containers. */
const INSTANCE = randomBytes(9).toString("base64url");

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly instance: string;
}

/**
 * Does work while a lock file stands at `path`, made with O_EXCL: no other process has it then. Left-over locks, of
 * processes that are gone or have not touched theirs for a minute, are taken away. Where none can be made (a disk that
 * is only read), the work is done without.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const text = JSON.stringify({ host: hostname(), pid: process.pid, instance: INSTANCE, turn: randomBytes(9).toString("base64url") });
  if (!(await take(path, text))) return work();
  const touching = setInterval(() => touch(path), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    if (readLock(path) === text) rmSync(path, { force: true });
  }
}

/** @returns whether it is ours; `false` where there can be no lock */
async function take(path: string, text: string): Promise<boolean> {
  for (;;) {
    const made = make(path, text);
    if (made !== "taken") return made === "made";
    const held = readLock(path);
    if (held !== undefined && isLeftOver(path, held)) removeLeftOver(path, held);
    else await Bun.sleep(LOOK_EVERY_MS * (1 + Math.random()));
  }
}

function make(path: string, text: string): "made" | "taken" | "impossible" {
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    return "made";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST" ? "taken" : "impossible";
  }
}

function readLock(path: string): string | undefined {
  return unlessMissing(() => readFileSync(path, "utf8"));
}

function isLeftOver(path: string, held: string): boolean {
  const touchedAt = unlessMissing(() => statSync(path))?.mtimeMs ?? Date.now();
  if (Date.now() - touchedAt > STALE_MS) return true;
  const holder = holderOf(held);
  if (holder?.host !== hostname()) return false;
  return holder.pid === process.pid ? holder.instance !== INSTANCE : !isRunning(holder.pid);
}

/** `undefined`: it is being written. */
function holderOf(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Two that see the same left-over may come one after the other: what the second took away is looked at, and put back. */
function removeLeftOver(path: string, held: string): void {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  if (unlessMissing(() => (renameSync(path, aside), true)) !== true) return;
  try {
    if (readLock(aside) !== held) linkSync(aside, path);
  } catch {
    // Somebody else has the lock by now.
  } finally {
    rmSync(aside, { force: true });
  }
}

function touch(path: string): void {
  const now = new Date();
  unlessMissing(() => utimesSync(path, now, now));
}
