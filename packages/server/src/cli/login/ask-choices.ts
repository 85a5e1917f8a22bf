import type { AccountKind } from "@dragoman/gateway";
import type { Prompter } from "./prompter.ts";

type Choices = Readonly<Record<string, string>>;

/** Asks a person for what was not given on the command line. Nothing is a choice, too: the kind's own. */
export async function askChoices({ loginChoices = [] }: AccountKind, given: Choices, prompter: Prompter): Promise<Choices> {
  const choices: Record<string, string> = { ...given };
  for (const { name, label, hint } of loginChoices) {
    if (choices[name] !== undefined) continue;
    const answer = (await prompter.ask(`${label}. ${hint}: `))?.trim() ?? "";
    if (answer !== "") choices[name] = answer;
  }
  return choices;
}
