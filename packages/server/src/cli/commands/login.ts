import { readFileSync } from "node:fs";
import { CallbackPortTaken, ConfigRefused, isAccountError, type AccountKind, type LoginOptions } from "@dragoman/gateway";
import { openLogins, type LoginHouse } from "../../host/open-logins.ts";
import { UsageError, type Command, type CommandInput } from "../command.ts";
import { agreeToTerms } from "../login/agree.ts";
import { askChoices } from "../login/ask-choices.ts";
import { kindNamed, kindsText, listKinds } from "../login/list-kinds.ts";
import { fillNeededSettings } from "../login/needed-settings.ts";
import { openBrowser } from "../login/open-browser.ts";
import { Prompter } from "../login/prompter.ts";
import { runLogin } from "../login/run-login.ts";
import { tellPeople, tellPrograms } from "../login/tell-login.ts";
import { nearest } from "../nearest.ts";
import { complain, print, red } from "../terminal.ts";

/** As CLIProxyAPI ends when the port is in use. */
const PORT_TAKEN = 13;
/** As shells say that a program was interrupted. */
const INTERRUPTED = 130;

export const loginCommand: Command = {
  name: "login",
  summary: "Log in to an account at a vendor, and keep the login",
  words: "<kind>",
  options: {
    config: { type: "string", short: "c", value: "FILE", help: "configuration file; default: ./config.yaml when there is one" },
    list: { type: "boolean", help: "list the kinds of accounts: ways to log in, terms, state" },
    "no-browser": { type: "boolean", help: "show the address instead of opening a browser" },
    device: { type: "boolean", help: "log in by a code that is typed at the vendor's page" },
    secret: { type: "boolean", help: "log in by a cookie or key, which is asked for" },
    file: { type: "string", value: "FILE", help: "log in by a key file" },
    project: { type: "string", value: "ID", help: "project at the vendor, for kinds that have projects" },
    set: { type: "string", multiple: true, value: "NAME=VALUE", help: "another choice that the kind knows; see its guide" },
    paste: { type: "boolean", help: "do not listen; read the address to which the browser was sent from standard input" },
    "oauth-callback-port": { type: "string", value: "N", help: "await the browser at this port; default: the vendor's" },
    yes: { type: "boolean", help: "agree to what would be asked, for scripts" },
    json: { type: "boolean", help: "print JSON lines" },
  },
  examples: [
    ["dragoman login --list", "what there is to log in to"],
    ["dragoman login claude", "log in with the browser of this machine"],
    ["dragoman login codex --device", "show a code, and confirm it on any device"],
    ["dragoman login gemini-cli --no-browser --project my-project", "on a server: show the address, and take what is pasted"],
    ["dragoman login vertex --file key.json", "take a service account's key file"],
  ],
  async run(input) {
    const { options, words: [word] } = input;
    const house = await openLogins(textOption(options.config));
    const prompter = new Prompter();
    try {
      if (options.list === true || word === undefined) return await list(house, options.json === true);
      return await login(word, input, { house, prompter });
    } finally {
      prompter.close();
      await house.close();
    }
  },
};

async function list(house: LoginHouse, json: boolean): Promise<number> {
  const kinds = await listKinds(house);
  print(json ? JSON.stringify(kinds, null, 2) : kindsText(kinds));
  return 0;
}

async function login(word: string, { options }: CommandInput, { house, prompter }: { readonly house: LoginHouse; readonly prompter: Prompter }): Promise<number> {
  const kind = kindOf(house, word);
  const tools = { house, prompter, yes: options.yes === true };
  try {
    await agreeToTerms([kind], tools);
    const isAsked = prompter.isPerson && options.yes !== true && options.json !== true;
    const choices = isAsked ? await askChoices(kind, choicesOf(options), prompter) : choicesOf(options);
    const chosen = { ...(await loginOptions(kind, options, prompter)), choices };
    if (!needsNothing(kind, chosen)) await fillNeededSettings(kind, tools);
    const teller = options.json === true ? tellPrograms() : tellPeople();
    const way = { noBrowser: options["no-browser"] === true, paste: options.paste === true, options: chosen };
    const saved = await runLogin(kind.name, way, { logins: house.logins, prompter, teller, openBrowser });
    if (saved === undefined) return failed("the login was given up; nothing was stored.", INTERRUPTED);
    teller.saved(saved, kind.title);
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** What a person gives may have nothing to do with the client that other ways need. */
function needsNothing({ logins }: AccountKind, { secret }: LoginOptions): boolean {
  return secret !== undefined && logins?.some((flow) => flow.type === "secret" && flow.needsNothing === true) === true;
}

/** @throws what is no outcome of a login */
function exitCodeOf(error: unknown): number {
  if (error instanceof CallbackPortTaken) return failed(`${error.message} (see --oauth-callback-port, --paste)`, PORT_TAKEN);
  if (error instanceof ConfigRefused) return failed(`the configuration could not be written: ${error.message}`, 1);
  if (!isAccountError(error)) throw error;
  return failed(error.message, 1);
}

function failed(message: string, code: number): number {
  complain(`${red("dragoman:")} ${message}`);
  return code;
}

function kindOf({ accounts }: LoginHouse, word: string): AccountKind {
  const kind = kindNamed(accounts.kinds, word.toLowerCase());
  if (kind !== undefined) return kind;
  const close = nearest(word, accounts.kinds.map(({ name }) => name));
  throw new UsageError(`there is no kind of account "${word}"${close === undefined ? "" : `; did you mean "${close}"?`} Run "dragoman login --list".`);
}

async function loginOptions(kind: AccountKind, options: CommandInput["options"], prompter: Prompter): Promise<LoginOptions> {
  const port = options["oauth-callback-port"] === undefined ? undefined : Number(options["oauth-callback-port"]);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port <= 65_535)) throw new UsageError("--oauth-callback-port takes a number from 1 to 65535.");
  const file = textOption(options.file);
  const asksSecret = options.secret === true || (file === undefined && options.device !== true && kind.logins?.[0]?.type === "secret");
  const secret = file === undefined ? (asksSecret ? await askSecret(kind, prompter) : undefined) : readFile(file);
  return {
    ...(options.device === true && { way: "device" as const }),
    ...(secret !== undefined && { way: "secret" as const, secret }),
    ...(port !== undefined && { callbackPort: port }),
  };
}

async function askSecret(kind: AccountKind, prompter: Prompter): Promise<string> {
  const flow = kind.logins?.find(({ type }) => type === "secret");
  if (flow?.type !== "secret") throw new UsageError(`accounts of kind ${kind.name} have no login by secret; see "dragoman login --list".`);
  if (flow.isFile === true && prompter.isPerson) return readFile((await prompter.ask(`${flow.asks}, a file: `)) ?? "");
  if (!prompter.isPerson) return (await Bun.stdin.text()).trim();
  return (await prompter.askSecret(`${flow.asks}: `)) ?? "";
}

/** @throws UsageError when it cannot be read */
function readFile(path: string): string {
  try {
    return readFileSync(path.trim(), "utf8");
  } catch (error) {
    throw new UsageError(`${path.trim()} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`);
  }
}

/** What the kind's own login understands. */
function choicesOf({ project, set = [] }: CommandInput["options"]): Readonly<Record<string, string>> {
  const pairs = (Array.isArray(set) ? set : [set]).map((pair): readonly [string, string] => {
    const at = String(pair).indexOf("=");
    if (at < 1) throw new UsageError("--set takes NAME=VALUE.");
    return [String(pair).slice(0, at), String(pair).slice(at + 1)];
  });
  return { ...(typeof project === "string" && { project_id: project }), ...Object.fromEntries(pairs) };
}

function textOption(value: CommandInput["options"][string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}
