import { findHouse } from "../../host/command-store.ts";
import { clientOptions, settingWish } from "../../connect/client-options.ts";
import { connectClient, type ConnectReport } from "../../connect/connect-client.ts";
import { findClient } from "../../connect/find-client.ts";
import { offerInstall } from "../../connect/install-client.ts";
import { listClients } from "../../connect/list-clients.ts";
import { closeKeys, makeKey } from "../../connect/own-key.ts";
import { placesOf } from "../../connect/places.ts";
import { ownSurroundings } from "../../connect/surroundings.ts";
import type { ConnectTools } from "../../connect/tools.ts";
import { undo } from "../../connect/undo.ts";
import { clientsText, undoText } from "../../connect/tell.ts";
import { configPathOf, JSON_OPTION, UsageError, type Command, type CommandInput } from "../command.ts";
import { Prompter } from "../login/prompter.ts";
import { print } from "../terminal.ts";

export const connectCommand: Command = {
  name: "connect",
  summary: "Point a client such as a coding tool here, in its own settings; or take that back",
  words: "<client>",
  options: {
    ...clientOptions(),
    list: { type: "boolean", help: "list the clients: which are on this machine, which are connected" },
    undo: { type: "boolean", help: "bring back the settings that were there before" },
    force: { type: "boolean", help: "with --undo: also over changes that were made since" },
    project: { type: "boolean", help: "the settings of the working directory, where the client has such" },
    file: { type: "string", value: "FILE", help: "its settings file, where that is in no usual place" },
    print: { type: "boolean", help: "write nothing; show what to type where" },
    "dry-run": { type: "boolean", help: "write nothing; show what would change" },
    "no-test": { type: "boolean", help: "ask nothing of the gateway" },
    install: { type: "boolean", help: "install the client's program from npm when it is missing" },
    yes: { type: "boolean", help: "ask nothing, and write" },
    json: JSON_OPTION,
  },
  examples: [
    ["dragoman connect --list", "which clients there are"],
    ["dragoman connect claude-code", "ask what is needed, try it, show the change, write it"],
    ["dragoman connect codex --model gpt-5.1 --yes", "the same without questions"],
    ["dragoman connect claude-code --model claude-sonnet-5-5 --small-model gpt-5-mini --dry-run", "show what would change"],
    ["dragoman connect cursor", "show what to type into it"],
    ["dragoman connect codex --undo", "bring back what was there before"],
  ],
  async run(input) {
    const { options, words: [word] } = input;
    if (options.list === true || word === undefined) return list(options.json === true);
    const person = new Prompter();
    try {
      return await (options.undo === true ? takeBack(word, input, toolsFor(input, person)) : connect(word, input, toolsFor(input, person)));
    } finally {
      person.close();
    }
  },
};

function toolsFor({ options }: CommandInput, prompter: Prompter): ConnectTools {
  const isQuiet = options.json === true;
  const house = (): ReturnType<typeof findHouse> => findHouse({ configPath: configPathOf(options) });
  return {
    around: ownSurroundings(),
    person: { isPerson: prompter.isPerson && !isQuiet && options.yes !== true, ask: (question) => prompter.ask(question), askSecret: (question) => prompter.askSecret(question) },
    say: (line) => void (isQuiet || print(line)),
    makeKey: (name) => makeKey(house(), name),
    closeKeys: (ids) => closeKeys(house(), ids),
  };
}

function list(json: boolean): number {
  const clients = listClients(ownSurroundings());
  print(json ? JSON.stringify(clients, undefined, 2) : clientsText(clients));
  return 0;
}

async function connect(word: string, { options }: CommandInput, tools: ConnectTools): Promise<number> {
  const client = findClient(word);
  await offerInstall(client, { wanted: options.install === true, tools });
  const report = await connectClient(client, {
    ...settingWish(options),
    remedy: "With --no-test nothing is asked of it.",
    offline: options["no-test"] === true,
    yes: options.yes === true,
    dryRun: options["dry-run"] === true,
    print: options.print === true,
    project: options.project === true,
    ...(typeof options.file === "string" && { path: options.file }),
  }, tools);
  if (options.json === true) print(JSON.stringify(report, undefined, 2));
  return exitCodeOf(report);
}

/** A client that would not work is a failure, whether or not something had to be written. */
function exitCodeOf({ tests, obstacles }: ConnectReport): number {
  return obstacles.length > 0 || tests.some(({ outcome }) => outcome !== "answered") ? 1 : 0;
}

async function takeBack(word: string, { options }: CommandInput, tools: ConnectTools): Promise<number> {
  const client = findClient(word);
  const places = placesOf(client, tools.around, { project: options.project === true, ...(typeof options.file === "string" && { path: options.file }) });
  if (places.length === 0) throw new UsageError(`${client.name} has no settings here that this program writes; see --file.`);
  const report = undo(client, tools.around, { paths: places.map(({ path }) => path), force: options.force === true, dryRun: options["dry-run"] === true });
  await tools.closeKeys?.(report.keyIds);
  print(options.json === true ? JSON.stringify(report, undefined, 2) : undoText(client, report));
  return report.files.some(({ outcome }) => outcome === "unreadable") ? 1 : 0;
}
