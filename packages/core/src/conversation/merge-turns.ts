import type { Loss, Part } from "../canonical/index.ts";
import type { Turn } from "./arrange.ts";

/** Makes one turn of a run of turns of one role. A system turn ends a run, and only joins others of its own origin. */
export function mergeTurns(turns: readonly Turn[], report: (loss: Loss) => void): Turn[] {
  const merged: Turn[] = [];
  let run: Turn[] = [];
  const endRun = (): void => {
    const [first] = run;
    if (first !== undefined) merged.push(run.length === 1 ? first : mergeRun(first, run, report));
    run = [];
  };
  for (const turn of turns) {
    const [first] = run;
    if (first !== undefined && (first.role !== turn.role || first.origin !== turn.origin)) endRun();
    run.push(turn);
  }
  endRun();
  return merged;
}

function mergeRun(first: Turn, run: readonly Turn[], report: (loss: Loss) => void): Turn {
  const spoken = run.filter((turn) => !turn.parts.every(isResult));
  const name = common(spoken.map((turn) => turn.name));
  const phase = common(spoken.map((turn) => turn.phase));
  for (const turn of spoken) {
    if (turn.name !== undefined && name === undefined) report({ code: "message-name", path: pathOf(turn), action: "dropped", detail: `${turn.name} is one of several speakers of a turn` });
    if (typeof turn.phase === "string" && phase === undefined) report({ code: "message-phase", path: pathOf(turn), action: "dropped", detail: turn.phase });
  }
  return {
    role: first.role,
    parts: run.flatMap((turn) => turn.parts),
    ...(first.origin !== undefined && { origin: first.origin }),
    ...(name !== undefined && { name }),
    ...(phase !== undefined && { phase }),
  };
}

/** The value that all share; `undefined` when they differ. */
function common<T>(values: readonly T[]): T | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

function isResult(part: Part): boolean {
  return part.kind === "tool-result";
}

/** Path of the first part that has one; a turn stands for several messages and has none of its own. */
export function pathOf(turn: Turn): string {
  return turn.parts.find((part) => part.path !== undefined)?.path ?? "";
}

/** Text that is empty or only white space. With a seal it is something all the same: the seal must go back where it was. */
export function isBlank(part: Part): boolean {
  return part.kind === "text" && part.seal === undefined && part.text.trim() === "";
}
