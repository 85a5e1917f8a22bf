import type { Trial } from "./trial.ts";

/** The line that shows progress. */
export function row(name: string, { problems, requests, thoughts, durationMs }: Trial): string {
  return `${problems.length === 0 ? "ok  " : "FAIL"} ${name.padEnd(40)} ${String(requests).padStart(2)} requests, ${thoughts} with thoughts, ${seconds(durationMs)}`;
}

/** What went wrong, and the end of what the CLI said. */
export function problemReport(name: string, { problems, finished }: Trial): string {
  const said = [["stdout", finished.stdout], ["stderr", finished.stderr]].map(([stream, text = ""]) => `  ${stream}: ${text.trim().slice(-1500) || "(nothing)"}`);
  return [`\n${name}`, ...problems.map((problem) => `  - ${problem}`), ...said].join("\n");
}

export function table(clis: readonly { readonly name: string; readonly version: string }[], upstreams: readonly string[], trials: ReadonlyMap<string, Trial>): string {
  const head = ["", ...upstreams];
  const body = clis.map(({ name, version }) => [`${name} ${version}`, ...upstreams.map((upstream) => cell(trials.get(`${name} → ${upstream}`)))]);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  return ["", line(head), ...body.map(line)].join("\n");
}

function cell(trial: Trial | undefined): string {
  if (trial === undefined) return "-";
  return `${trial.problems.length === 0 ? "ok" : "FAIL"} ${seconds(trial.durationMs)}`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
