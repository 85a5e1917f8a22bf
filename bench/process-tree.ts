import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second, as Linux counts them for user space. */
const TICKS = 100;
/** Bytes of a page. */
const PAGE = 4096;

/** CPU seconds and resident bytes of a process and all that it started, from /proc. */
export function usageOfTree(root: number): { cpuSeconds: number; rssBytes: number } {
  let cpuSeconds = 0;
  let rssBytes = 0;
  for (const pid of treeOf(root)) {
    const fields = stat(pid);
    if (fields === undefined) continue;
    cpuSeconds += (Number(fields[11]) + Number(fields[12])) / TICKS;
    rssBytes += Number(fields[21]) * PAGE;
  }
  return { cpuSeconds, rssBytes };
}

function treeOf(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(stat(pid)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  for (let queue = [root]; queue.length > 0; ) {
    const pid = queue.pop() as number;
    found.push(pid);
    queue = [...queue, ...(children.get(pid) ?? [])];
  }
  return found;
}

/** Fields after the command's name: state, ppid, … */
function stat(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
