import type { Choices, CompletedCommand } from "./completion-table.ts";

/** For fish from 3.0 on. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return [
    "# dragoman's completion for fish: dragoman completion fish | source",
    "complete -c dragoman -f",
    ...commands.map(({ name, help }) => `complete -c dragoman -n __fish_use_subcommand -a ${name} -d ${quoted(help)}`),
    ...commands.flatMap(linesOf),
    "",
  ].join("\n");
}

function linesOf({ name, words, options }: CompletedCommand): readonly string[] {
  const start = `complete -c dragoman -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...argumentsOf(words).map((line) => `${start} ${line}`),
    ...options.map(({ long, short, help, value }) =>
      [start, `-l ${long.slice(2)}`, ...(short === undefined ? [] : [`-s ${short.slice(1)}`]), ...(value === undefined ? [] : ["-r", ...argumentsOf(value)]), `-d ${quoted(help)}`].join(" ")),
  ];
}

function argumentsOf({ words, models, files }: Choices): readonly string[] {
  const listed = [...words, ...(models ? ["(dragoman completion models 2>/dev/null)"] : [])];
  return [...(files ? ["-F"] : []), ...(listed.length > 0 ? [`-a "${listed.join(" ")}"`] : [])];
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}
