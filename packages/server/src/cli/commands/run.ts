import { findHouse } from "../../host/command-store.ts";
import { chooseSetting } from "../../connect/choose-setting.ts";
import { clientOptions, settingWish } from "../../connect/client-options.ts";
import { findClient } from "../../connect/find-client.ts";
import { takesModel } from "../../connect/about-setting.ts";
import { closeKeys, makeKey } from "../../connect/own-key.ts";
import { serveMeanwhile } from "../../connect/serve-meanwhile.ts";
import { startClient } from "../../connect/start-client.ts";
import { ownSurroundings } from "../../connect/surroundings.ts";
import { configPathOf, UsageError, type Command } from "../command.ts";
import { Prompter } from "../login/prompter.ts";
import { complain } from "../terminal.ts";

export const runCommand: Command = {
  name: "run",
  summary: "Start a client so that it comes here, this once; no file of it is touched",
  words: "<client> -- [arguments]",
  options: {
    ...clientOptions(),
    serve: { type: "boolean", help: "run a gateway as long as the client, on a free port" },
  },
  examples: [
    ["dragoman run claude-code --model gpt-5.1", "Claude Code with a model of the gateway"],
    ["dragoman run codex -m claude-sonnet-5-5 -- exec \"explain this\"", "what follows -- is the client's"],
    ["dragoman run sdk -- python app.py", "any program that reads the variables of an SDK"],
  ],
  async run({ options, words: [word, ...rest] }) {
    if (word === undefined) throw new UsageError('which client? "dragoman connect --list" names them.');
    const client = findClient(word);
    if (client.start === undefined) throw new UsageError(`${client.name} cannot be started from here; see "dragoman connect ${client.id}".`);
    const prompter = new Prompter();
    const around = ownSurroundings();
    const made: number[] = [];
    const house = (): ReturnType<typeof findHouse> => findHouse({ configPath: configPathOf(options) });
    const meanwhile = options.serve === true ? await serveMeanwhile(configPathOf(options)) : undefined;
    try {
      const wish = { ...settingWish(options), ...(meanwhile !== undefined && { url: meanwhile.url }) };
      const { setting, keyId } = await chooseSetting(client, { ...wish, isAddressKnown: true, remedy: "Or let one run as long as the client, with --serve.", needsModel: takesModel(client) }, {
        around, person: prompter, say: complain,
        makeKey: (name) => makeKey(house(), name),
        closeKeys: (ids) => closeKeys(house(), ids),
      });
      if (keyId !== undefined) made.push(keyId);
      prompter.close();
      return await startClient(client, { setting, words: rest, around });
    } finally {
      prompter.close();
      // A key for one run is good for one run.
      await closeKeys(house(), made);
      await meanwhile?.stop();
    }
  },
};
