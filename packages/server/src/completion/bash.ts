import type { Choices, CompletedCommand } from "./completion-table.ts";

/** For bash from 3.2 on, which macOS has; nothing of the package bash-completion is needed. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return [
    "# dragoman's completion for bash: eval \"$(dragoman completion bash)\"",
    "_dragoman() {",
    `  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words="" files=""`,
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} help --version --help" -- "$current"))`,
    "    return",
    "  fi",
    `  case "\${COMP_WORDS[1]} $previous" in`,
    ...commands.flatMap(valueCases),
    "    *)",
    `      case "\${COMP_WORDS[1]}" in`,
    ...commands.map((command) => `        ${command.name}) ${assignments(command.words, command.options.map(({ long }) => long))} ;;`),
    `        help) words="${commands.map(({ name }) => name).join(" ")}" ;;`,
    "      esac ;;",
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  if [ -n "$files" ]; then',
    "    compopt -o filenames 2>/dev/null",
    '    local file',
    '    while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$current")',
    "  fi",
    "}",
    "complete -F _dragoman dragoman",
    "",
  ].join("\n");
}

/** After an option that takes a value, only its values. */
function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ long, short, value }) => {
    if (value === undefined) return [];
    const patterns = [long, ...(short === undefined ? [] : [short])].map((flag) => `"${name} ${flag}"`).join("|");
    return [`    ${patterns}) ${assignments(value, [])} ;;`];
  });
}

function assignments({ words, models, files }: Choices, flags: readonly string[]): string {
  const listed = [...words, ...flags].join(" ");
  return [`words="${listed}${models ? `${listed === "" ? "" : " "}$(dragoman completion models 2>/dev/null)` : ""}"`, ...(files ? ["files=1"] : [])].join("; ");
}
