import { parseArgs } from "node:util";
import { VERSION } from "@dragoman/gateway";
import { UsageError, type Command } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { loginCommand } from "./commands/login.ts";
import { commandHelp, programHelp } from "./help.ts";
import { legacyLogin } from "./login/legacy-flags.ts";
import { nearest } from "./nearest.ts";
import { complain, print, red } from "./terminal.ts";

// No `await` here: a module that waits cannot be bundled with its bytecode (Bun 1.4, read 2026-11).
void main(longOptions(process.argv.slice(2))).then((code) => (process.exitCode = code));

async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === "--version" || first === "-v" || first === "version") return say(VERSION);
  if (first === undefined || first === "help" || first === "--help" || first === "-h") return help(rest[0]);
  const loginWords = first.startsWith("-") ? legacyLogin(argv) : undefined;
  if (loginWords !== undefined) return run(loginCommand, loginWords);
  // Options without a command mean `serve`, as in CLIProxyAPI.
  const command = first.startsWith("-") ? find("serve") : find(first);
  if (command === undefined) {
    const close = nearest(first, COMMANDS.map(({ name }) => name));
    complain(`${red("dragoman:")} there is no command "${first}"${close === undefined ? "" : `; did you mean "${close}"?`} Run "dragoman help".`);
    return 2;
  }
  return run(command, first.startsWith("-") ? argv : rest);
}

async function run(command: Command, argv: readonly string[]): Promise<number> {
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  if (own.includes("--help") || own.includes("-h")) return say(commandHelp(command));
  try {
    const { values, positionals } = parse(command, argv);
    return await command.run({ options: values, words: positionals });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${red("dragoman:")} ${error.message}`);
    return 2;
  }
}

function parse(command: Command, argv: readonly string[]): { values: Record<string, string | boolean | (string | boolean)[] | undefined>; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: command.options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Run "dragoman ${command.name} --help".`);
  }
}

function help(name: string | undefined): number {
  const command = name === undefined ? undefined : find(name);
  return say(command === undefined ? programHelp(COMMANDS, VERSION) : commandHelp(command));
}

function say(text: string): number {
  print(text);
  return 0;
}

function find(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}

/** CLIProxyAPI takes `-config FILE` as well as `--config FILE`. What follows `--` is for another program. */
function longOptions(argv: readonly string[]): readonly string[] {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return argv.map((argument, at) => (at < end && /^-[a-z][a-z_-]+(=|$)/.test(argument) ? `-${argument}` : argument));
}
