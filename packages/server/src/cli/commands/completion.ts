import { bashScript } from "../../completion/bash.ts";
import { completionTable, type CompletedCommand } from "../../completion/completion-table.ts";
import { fishScript } from "../../completion/fish.ts";
import { powershellScript } from "../../completion/powershell.ts";
import { zshScript } from "../../completion/zsh.ts";
import { openOffline } from "../../host/open-offline.ts";
import { UsageError, type Command } from "../command.ts";
import { print } from "../terminal.ts";

const SCRIPTS: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript,
};

/** @param commands all of them, this one too */
export function completionCommand(commands: () => readonly Command[]): Command {
  return {
    name: "completion",
    summary: "Print the script that lets a shell complete commands, options and names",
    words: "bash|zsh|fish|powershell",
    options: {},
    examples: [
      ['eval "$(dragoman completion bash)"', "in ~/.bashrc"],
      ['eval "$(dragoman completion zsh)"', "in ~/.zshrc"],
      ["dragoman completion fish > ~/.config/fish/completions/dragoman.fish", "for fish"],
      ["dragoman completion powershell | Out-String | Invoke-Expression", "in $PROFILE"],
    ],
    async run({ words: [shell = ""] }) {
      if (shell === "models") return models();
      const script = SCRIPTS[shell];
      if (script === undefined) throw new UsageError(`completion has scripts for ${Object.keys(SCRIPTS).join(", ")}, not for "${shell}".`);
      print(script(completionTable(commands())).trimEnd());
      return 0;
    },
  };
}

/** For the scripts: the names of models as far as they are known without asking anybody. */
async function models(): Promise<number> {
  const { gateway } = await openOffline({ ask: false });
  for (const { id } of gateway.engine.switchboard.listModels()) print(id);
  return 0;
}
