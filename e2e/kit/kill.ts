import { readFileSync } from "node:fs";
import type { ProgramRun } from "./program.ts";

/** Ends a program as a power switch would, with the processes that it started, and waits until it is gone. */
export async function killHard(program: Pick<ProgramRun, "child" | "ended">): Promise<void> {
  const { pid } = program.child;
  if (pid === undefined) throw new Error("it never ran");
  for (const each of [...descendants(pid), pid]) kill(each);
  await program.ended;
}

function descendants(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter((text) => text !== "").map(Number);
    return children.flatMap((child) => [...descendants(child), child]);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
