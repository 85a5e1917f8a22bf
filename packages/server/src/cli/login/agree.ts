import type { AccountKind } from "@dragoman/gateway";
import type { LoginHouse } from "../../host/open-logins.ts";
import { UsageError } from "../command.ts";
import { complain, yellow } from "../terminal.ts";
import type { Prompter } from "./prompter.ts";

export interface AgreeTools {
  readonly house: LoginHouse;
  readonly prompter: Prompter;
  /** `--yes`. */
  readonly yes: boolean;
}

/** Says once of each kind what its vendor's terms may forbid, and writes it down when the person agrees. @throws UsageError when nobody did */
export async function agreeToTerms(kinds: readonly AccountKind[], { house, prompter, yes }: AgreeTools): Promise<void> {
  const asked = [...new Set(kinds)].filter((kind) => !house.accounts.allows(kind));
  if (asked.length === 0) return;
  for (const { title, terms } of asked) if (terms !== undefined) complain(yellow(`${title}: ${terms}`));
  const names = asked.map(({ name }) => name);
  if (!yes) {
    if (!prompter.isPerson) throw new UsageError(`nobody has agreed to this yet. Run it in a terminal, add --yes, or set accounts.subscriptions: [${names.join(", ")}] in the configuration.`);
    if (!(await saysYes(prompter, "Use such accounts with Dragoman all the same? It is asked only once. [y/N] "))) throw new UsageError("nothing was done.");
  }
  await house.keeper.change((tree) => {
    const accounts = objectOf(tree.accounts);
    const known = Array.isArray(accounts.subscriptions) ? (accounts.subscriptions as readonly string[]) : [];
    return { ...tree, accounts: { ...accounts, subscriptions: [...known, ...names.filter((name) => !known.includes(name))] } };
  });
  complain(`${names.join(", ")}: written into accounts.subscriptions of ${house.keeper.current().path ?? "the configuration"}`);
}

export async function saysYes(prompter: Prompter, question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await prompter.ask(question))?.trim() ?? "");
}

/** A section of the configuration's own tree; anything else is replaced by one. */
export function objectOf<T>(value: T): Extract<T, { readonly [key: string]: unknown }> | Record<string, never> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Extract<T, { readonly [key: string]: unknown }>) : {};
}
