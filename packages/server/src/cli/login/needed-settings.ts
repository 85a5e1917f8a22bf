import type { AccountKind, NeededSetting } from "@dragoman/gateway";
import { readFromProgram } from "../../host/program-secret.ts";
import { UsageError } from "../command.ts";
import { complain } from "../terminal.ts";
import { objectOf, saysYes, type AgreeTools } from "./agree.ts";

/**
 * Settings that a kind cannot do without and that are not shipped: they are read from the vendor's own program when it is
 * installed and the person agrees, and written to the configuration.
 * @throws UsageError that names the key and where to find it
 */
export async function fillNeededSettings(kind: AccountKind, tools: AgreeTools): Promise<void> {
  const { house } = tools;
  const settings = house.accounts.settingsOf(kind);
  for (const needed of kind.needs ?? []) {
    if ((needed.key === "client-id" ? settings.clientId : settings.clientSecret) !== undefined) continue;
    const value = await fromProgram(needed, tools);
    if (value === undefined) throw new UsageError(`accounts.kinds.${kind.name}.${needed.key} is not set: ${needed.where}`);
    await house.keeper.change((tree) => {
      const accounts = objectOf(tree.accounts);
      const kinds = objectOf(accounts.kinds);
      return { ...tree, accounts: { ...accounts, kinds: { ...kinds, [kind.name]: { ...objectOf(kinds[kind.name]), [needed.key]: value } } } };
    });
    complain(`accounts.kinds.${kind.name}.${needed.key} was written to ${house.keeper.current().path ?? "the configuration"}`);
  }
}

async function fromProgram({ key, program }: NeededSetting, { prompter, yes }: AgreeTools): Promise<string | undefined> {
  const found = program === undefined ? undefined : readFromProgram(program);
  if (program === undefined || found === undefined) return undefined;
  complain(`A ${key} is needed that Dragoman does not ship. ${program.npmPackage} is installed here (${found.directory}) and has one.`);
  if (!yes) {
    if (!prompter.isPerson) throw new UsageError(`add --yes to read the ${key} from it, or set it in the configuration.`);
    if (!(await saysYes(prompter, "Read it from there and keep it in the configuration? [y/N] "))) return undefined;
  }
  return found.value;
}
