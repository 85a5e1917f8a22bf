import { homedir } from "node:os";
import { ConfigRefused, safeFileName, saveAccount } from "@dragoman/gateway";
import { findLogins, loginsAt, type FoundLogins, type LoginAtHand } from "../../host/found-logins.ts";
import { openLogins, type LoginHouse } from "../../host/open-logins.ts";
import { CONFIG_FILE_NAME } from "../../config/config-file.ts";
import { CONFIG_OPTION, configPathOf, UsageError, type Command, type CommandInput } from "../command.ts";
import { importSystem, type ImportOptions } from "../import/import-system.ts";
import { SYSTEMS } from "../import/systems.ts";
import { agreeToTerms } from "../login/agree.ts";
import { choiceOf } from "../login/choice.ts";
import { Prompter } from "../login/prompter.ts";
import { columns, complain, cyan, dim, green, print, yellow } from "../terminal.ts";

export const importCommand: Command = {
  name: "import",
  summary: "Take over logins that other programs left here, or another gateway's settings",
  words: `[${SYSTEMS.map(({ id }) => id).join("|")} [FILE]]`,
  options: {
    config: CONFIG_OPTION,
    all: { type: "boolean", help: "take all that are not here yet, without asking" },
    from: { type: "string", value: "PATH", help: "look in this directory, or at this file, only" },
    output: { type: "string", short: "o", value: "FILE", help: "where another gateway's settings are written; default: config.yaml" },
    database: { type: "string", value: "FILE", help: "infiniproxy's proxy_users.db: users, keys and usage come along" },
    force: { type: "boolean", help: "let a file be replaced that is there" },
    "dry-run": { type: "boolean", help: "say what would be done" },
    yes: { type: "boolean", help: "agree to what would be asked, for scripts" },
    json: { type: "boolean", help: "print JSON" },
  },
  examples: [
    ["dragoman import", "list what vendors' programs and CLIProxyAPI left here, and choose"],
    ["dragoman import --all --dry-run", "say what would be taken over"],
    ["dragoman import --from /data/auths --all", "take over another gateway's directory"],
    ["dragoman import infiniproxy .env --database proxy_users.db", "write config.yaml, and keep users, keys and usage"],
    ["dragoman import droid2api config.json --dry-run", "show what would be written"],
  ],
  async run({ options, words }) {
    const [system, file] = words;
    if (system !== undefined) return importSystem(importOptions(system, file, options));
    const house = await openLogins(configPathOf(options));
    const prompter = new Prompter();
    try {
      return await takeOver(house, prompter, options);
    } finally {
      prompter.close();
      await house.close();
    }
  },
};

function importOptions(system: string, file: string | undefined, options: CommandInput["options"]): ImportOptions {
  const text = (name: string): string | undefined => (typeof options[name] === "string" ? options[name] : undefined);
  return {
    system, file, output: text("output") ?? CONFIG_FILE_NAME, database: text("database"), configPath: configPathOf(options),
    force: options.force === true, dry: options["dry-run"] === true, json: options.json === true,
  };
}

/** A login at hand, and how it stands to ours. Without tokens. */
interface Candidate extends LoginAtHand {
  readonly account: string;
  readonly state: "new" | "here already" | "here, with other tokens" | "unusable";
  readonly trouble?: string;
}

async function takeOver(house: LoginHouse, prompter: Prompter, options: CommandInput["options"]): Promise<number> {
  const json = options.json === true;
  const { logins, unusable } = search(house, options.from);
  const candidates = await Promise.all(logins.map((login) => candidateOf(login, house)));
  if (!json) tellFound(candidates, unusable);
  const chosen = await choose(candidates, { prompter, all: options.all === true, json });
  const isDry = options["dry-run"] === true;
  if (!isDry && chosen.length > 0) {
    await agreeToTerms(chosen.map(({ kind }) => kind), { house, prompter, yes: options.yes === true }).catch(toldRefusal);
    for (const { kind: _kind, file, content } of chosen) await saveAccount(house.files, { file, content });
  }
  if (json) print(JSON.stringify({ logins: candidates.map((each) => ({ ...viewOf(each), taken: !isDry && chosen.includes(each) })), unusable }, null, 2));
  else tellTaken(chosen, isDry);
  return 0;
}

/** @throws UsageError when there is no such path */
function search({ accounts, files, environment }: LoginHouse, from: CommandInput["options"][string]): FoundLogins {
  const { kinds } = accounts;
  if (typeof from !== "string") return findLogins({ kinds, home: homedir(), environment, ownDirectory: files.directory });
  const found = loginsAt(from, kinds);
  if (found === undefined) throw new UsageError(`there is no ${from}.`);
  return found;
}

async function candidateOf(login: LoginAtHand, { accounts, files }: LoginHouse): Promise<Candidate> {
  const { kind, content } = login;
  const file = safeFileName(login.file);
  const facts = kind.read(content, accounts.settingsOf(kind));
  const stored = await files.read(file);
  const ours = stored === undefined ? undefined : new TextDecoder().decode(stored);
  const isSame = ours !== undefined && [facts.accessToken, facts.refreshToken].every((token) => token === undefined || ours.includes(JSON.stringify(token)));
  return {
    ...login, file, account: facts.label,
    state: facts.trouble !== undefined ? "unusable" : ours === undefined ? "new" : isSame ? "here already" : "here, with other tokens",
    ...(facts.trouble !== undefined && { trouble: facts.trouble }),
  };
}

async function choose(candidates: readonly Candidate[], { prompter, all, json }: { readonly prompter: Prompter; readonly all: boolean; readonly json: boolean }): Promise<readonly Candidate[]> {
  if (all) return candidates.filter(({ state }) => state === "new");
  if (json || !prompter.isPerson || candidates.length === 0) return [];
  for (;;) {
    const answer = await prompter.ask("Take over which? (numbers such as 1,3; all; Enter for none) ");
    const numbers = choiceOf(answer ?? "", candidates.length);
    if (numbers !== undefined) return numbers.map((number) => candidates[number - 1]).filter((each) => each !== undefined && each.state !== "unusable") as Candidate[];
    complain(`Numbers from 1 to ${candidates.length}, please.`);
  }
}

function tellFound(candidates: readonly Candidate[], unusable: FoundLogins["unusable"]): void {
  if (candidates.length === 0) print("No logins of other programs were found here.");
  else print(columns(candidates.map(({ program, kind, account, state, trouble, path }, at) => [`${at + 1}`.padStart(3), cyan(program), kind.name, account, trouble ?? state, dim(path)])));
  for (const { path, reason } of unusable) print(yellow(`    ${path}: ${reason}`));
}

function tellTaken(chosen: readonly Candidate[], isDry: boolean): void {
  for (const { file, account, kind } of chosen) print(`${green(isDry ? "would take over" : "taken over")} ${account} (${kind.title}) as ${file}`);
  if (chosen.length === 0 || isDry) return;
  complain(dim("Two programs now hold these logins. Where a vendor gives a new refresh token at each renewal, the other one's is spent then: log in anew in one of them to keep both."));
}

function viewOf({ program, kind, account, state, file, path }: Candidate): Readonly<Record<string, string>> {
  return { program, kind: kind.name, account, state, file, path };
}

function toldRefusal(error: unknown): never {
  throw error instanceof ConfigRefused ? new UsageError(`the configuration could not be written: ${error.message}`) : error;
}
