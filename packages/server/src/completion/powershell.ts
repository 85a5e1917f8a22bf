import type { CompletedCommand } from "./completion-table.ts";

/** For PowerShell from 5 on. It completes files by itself where nothing is offered. */
export function powershellScript(commands: readonly CompletedCommand[]): string {
  return [
    "# Completion of dragoman for PowerShell: dragoman completion powershell | Out-String | Invoke-Expression",
    "Register-ArgumentCompleter -Native -CommandName dragoman -ScriptBlock {",
    "  param($word, $line, $position)",
    `  $commands = ${list(commands.map(({ name }) => name))}`,
    "  $words = @{",
    ...commands.map(({ name, words, options }) => `    ${quoted(name)} = ${list([...words.words, ...options.map(({ long }) => long)])}`),
    "  }",
    "  $values = @{",
    ...commands.flatMap(({ name, options }) => options.flatMap(({ long, short, value }) => {
      if (value === undefined) return [];
      const offered = value.models ? "@(dragoman completion models)" : list(value.words);
      return [long, ...(short === undefined ? [] : [short])].map((flag) => `    ${quoted(`${name} ${flag}`)} = { ${offered} }`);
    })),
    "  }",
    "  $typed = @($line.CommandElements | ForEach-Object { $_.ToString() })",
    "  $done = if ($word -eq '') { $typed } else { $typed[0..($typed.Count - 2)] }",
    "  $key = if ($done.Count -ge 2) { \"$($done[1]) $($done[-1])\" } else { '' }",
    "  $offered = if ($done.Count -lt 2) { $commands } elseif ($values.ContainsKey($key)) { & $values[$key] } else { $words[$done[1]] }",
    "  $offered | Where-Object { $_ -like \"$word*\" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }",
    "}",
    "",
  ].join("\n");
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(", ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
