import { createInterface } from "node:readline";
import { createSecretBox, type Store } from "@dragoman/gateway";
import { findHouse, openCommandStore } from "../../host/command-store.ts";
import { secretKey } from "../../host/secret-key.ts";
import { CONFIG_OPTION, configPathOf, JSON_OPTION, UsageError, type Command } from "../command.ts";
import { columns, cyan, dim, green, print } from "../terminal.ts";

export const secretCommand: Command = {
  name: "secret",
  summary: "Keep secrets in the database, closed, and use them in the configuration",
  words: "set NAME | list | remove NAME",
  options: {
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    ["dragoman secret set openai", `ask for a value and keep it; the configuration uses it as \${secret:openai}`],
    ["dragoman secret set openai < key.txt", "the same from a file"],
    ["dragoman secret list", "names and times; values are never shown"],
  ],
  async run({ words, options }) {
    const [action = "list", name] = words;
    if (!["set", "list", "remove"].includes(action)) throw new UsageError(`secret has no "${action}"; it has set, list and remove.`);
    if (action !== "list") checkName(name);
    const house = findHouse({ configPath: configPathOf(options) });
    const store = await openCommandStore(house);
    try {
      if (action === "list") return await list(store, options.json === true);
      if (action === "remove") return await remove(store, name as string);
      return await set(store, name as string, secretKey(house.directory, house.environment));
    } finally {
      await store.close();
    }
  },
};

function checkName(name: string | undefined): void {
  if (name === undefined || !/^[A-Za-z][\w.-]{0,99}$/.test(name)) throw new UsageError("a secret's name begins with a letter and has letters, digits, dots, hyphens and underscores.");
}

async function set(store: Store, name: string, { key, kept }: { readonly key: Uint8Array; readonly kept: boolean }): Promise<number> {
  if (!kept) throw new UsageError("the data directory cannot be written, so the secret key would be lost: set DRAGOMAN_SECRET_KEY.");
  const secret = await readValue(name);
  if (secret === "") throw new UsageError("the value is empty.");
  await store.secrets.put(name, await createSecretBox(key).seal(name, secret), Date.now());
  await store.audit.append({ at: Date.now(), actor: "cli", action: "secret.set", target: name });
  print(`${green("kept")} ${name}; the configuration uses it as \${secret:${name}}`);
  return 0;
}

async function remove(store: Store, name: string): Promise<number> {
  if (!(await store.secrets.remove(name))) throw new UsageError(`there is no secret ${name}.`);
  await store.audit.append({ at: Date.now(), actor: "cli", action: "secret.removed", target: name });
  print(`${green("removed")} ${name}`);
  return 0;
}

async function list(store: Store, json: boolean): Promise<number> {
  const secrets = await store.secrets.list();
  if (json) print(JSON.stringify(secrets, null, 2));
  else if (secrets.length === 0) print("There are no secrets.");
  else print(columns(secrets.map(({ name, updatedAt }) => [cyan(name), dim(new Date(updatedAt).toISOString())])));
  return 0;
}

/** From a terminal without showing it, else all of standard input without the line's end. */
async function readValue(name: string): Promise<string> {
  if (process.stdin.isTTY !== true) return (await Bun.stdin.text()).replace(/\r?\n$/, "");
  process.stderr.write(`value of ${name}: `);
  const lines = createInterface({ input: process.stdin, terminal: true });
  const value = await new Promise<string>((resolve) => lines.once("line", resolve));
  lines.close();
  process.stderr.write("\n");
  return value;
}
