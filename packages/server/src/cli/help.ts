import type { Command } from "./command.ts";
import { bold, columns, cyan, dim } from "./terminal.ts";

export function programHelp(commands: readonly Command[], version: string): string {
  return [
    `${bold("dragoman")} ${version} - one endpoint that speaks every LLM dialect and reaches every model`,
    "",
    `${bold("Usage")}  dragoman <command> [options]`,
    "",
    bold("Commands"),
    columns(commands.map((command) => [`  ${cyan(command.name)}`, command.summary])),
    "",
    `Run ${cyan("dragoman <command> --help")} for its options and examples.`,
  ].join("\n");
}

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).filter(([, spec]) => spec.hidden !== true).map(([name, spec]) => [
    `  ${spec.short === undefined ? "    " : `-${spec.short}, `}--${name}${spec.type === "string" ? ` ${spec.value ?? "VALUE"}` : ""}`,
    spec.help,
  ]);
  return [
    command.summary,
    "",
    `${bold("Usage")}  dragoman ${command.name}${command.words === undefined ? "" : ` ${command.words}`} [options]`,
    ...(options.length === 0 ? [] : ["", bold("Options"), columns(options)]),
    "",
    bold("Examples"),
    columns(command.examples.map(([line, does]) => [`  ${cyan(line)}`, dim(does)])),
  ].join("\n");
}
