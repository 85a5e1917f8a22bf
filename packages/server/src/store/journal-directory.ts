import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `usage-<pid>-<when the process began>-<random>.jsonl`. */
const JOURNAL = /^usage-(\d+)-(\d+)-[0-9a-f]+\.jsonl$/;
const MARKER = /^gateway-(\d+)-(\d+)\.running$/;

/** Names this process among all that ever ran on this machine. */
export function processName(): string {
  return `${process.pid}-${beganAt(process.pid) ?? 0}`;
}

/** The name of a new journal of this process. */
export function journalName(random: string): string {
  return `usage-${processName()}-${random}.jsonl`;
}

/** What a process has left behind, or still uses. */
export interface Found {
  readonly path: string;
  /** Its process may still be at work. */
  readonly inUse: boolean;
}

/** Journals that other processes have left behind, or are still writing. None when there is no directory. */
export const foundJournals = (directory: string): readonly Found[] => found(directory, JOURNAL);

/** Signs of gateways in a data directory. */
export const foundMarkers = (directory: string): readonly Found[] => found(directory, MARKER);

function found(directory: string, pattern: RegExp): readonly Found[] {
  return namesIn(directory).flatMap((name) => {
    const [, pid, began] = pattern.exec(name) ?? [];
    return pid === undefined ? [] : [{ path: join(directory, name), inUse: isRunning(Number(pid), Number(began)) }];
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

/** Numbers of processes are used again, in a container at every start: the time when a process began tells it from another. */
function isRunning(pid: number, began: number): boolean {
  const now = beganAt(pid);
  if (now !== undefined && began !== 0) return now === began;
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** In clock ticks since the machine started; `undefined` where there is no `/proc`, or no such process; NaN when it is dead and nobody has asked after it yet. */
function beganAt(pid: number): number | undefined {
  try {
    // The second field is a name in brackets that may hold anything; then comes the state, and start time is field 22 (man 5 proc).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    return /^[ZX]$/.test(fields[0] ?? "") ? Number.NaN : Number(fields[19]);
  } catch {
    return undefined;
  }
}
