import type { Choices, CompletedCommand } from "./completion-table.ts";

/** For zsh with its own completion system, which the script starts when nobody has. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return [
    "#compdef dragoman",
    "# dragoman's completion for zsh: eval \"$(dragoman completion zsh)\"",
    "_dragoman() {",
    "  local -a choices",
    "  if (( CURRENT == 2 )); then",
    `    choices=(${commands.map(({ name, help }) => described(name, help)).join(" ")})`,
    "    _describe command choices",
    "    return",
    "  fi",
    '  case "$words[2] $words[CURRENT-1]" in',
    ...commands.flatMap(valueCases),
    "  esac",
    '  case "$words[2]" in',
    ...commands.map(({ name, words, options }) => {
      const flags = `choices=(${options.map(({ long, help }) => described(long, help)).join(" ")}); _describe option choices`;
      return `    ${name}) ${[...offers(words), ...(options.length === 0 ? [] : [flags])].join("; ")} ;;`;
    }),
    "  esac",
    "}",
    "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }",
    "compdef _dragoman dragoman",
    "",
  ].join("\n");
}

function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ long, short, value }) => {
    if (value === undefined) return [];
    const patterns = [long, ...(short === undefined ? [] : [short])].map((flag) => `"${name} ${flag}"`).join("|");
    return [`    ${patterns}) ${[...offers(value), "return"].join("; ")} ;;`];
  });
}

function offers({ words, models, files }: Choices): readonly string[] {
  return [
    ...(words.length > 0 ? [`compadd -- ${words.join(" ")}`] : []),
    ...(models ? [`compadd -- \${(f)"$(dragoman completion models 2>/dev/null)"}`] : []),
    ...(files ? ["_files"] : []),
  ];
}

/** `name:help` as `_describe` takes it: a colon in the name would end it. */
function described(name: string, help: string): string {
  return quoted(`${name.replaceAll(":", "\\:")}:${help}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
