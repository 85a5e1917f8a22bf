import { createSecretBox, SECRET_PREFIX, type Store } from "@dragoman/gateway";
import { complain, yellow } from "../cli/terminal.ts";
import { chooseConfigPath, readConfigText } from "../config/config-file.ts";
import { loadConfig, type LoadOptions, type LoadResult } from "../config/load-config.ts";
import { findHouse, openCommandStore } from "./command-store.ts";
import { secretKey } from "./secret-key.ts";

/** Reads the configuration, and the stored secrets if it names any. */
export async function loadConfigWithSecrets(options: LoadOptions): Promise<LoadResult> {
  if (!namesSecrets(chooseConfigPath(options.named, options.directory, options.home))) return loadConfig(options);
  const house = findHouse({ configPath: options.named });
  const store = await openCommandStore(house);
  try {
    const { values, unopened } = await readSecrets(store, secretKey(house.directory, house.environment).key);
    for (const name of unopened) complain(yellow(`note: the stored secret ${name} does not open with this secret key`));
    return loadConfig({ ...options, environment: { ...options.environment, ...values } });
  } finally {
    await store.close();
  }
}

function namesSecrets(path: string | undefined): boolean {
  try {
    return path !== undefined && readConfigText(path).includes(`\${${SECRET_PREFIX}`);
  } catch {
    return false;
  }
}

export interface OpenedSecrets {
  /** By the names that references use: `secret:NAME`. */
  readonly values: Readonly<Record<string, string>>;
  /** Names of those that were closed with another key. */
  readonly unopened: readonly string[];
}

export async function readSecrets(store: Store, key: Uint8Array): Promise<OpenedSecrets> {
  const box = createSecretBox(key);
  const values: Record<string, string> = {};
  const unopened: string[] = [];
  for (const { name } of await store.secrets.list()) {
    const sealed = await store.secrets.get(name);
    if (sealed === undefined) continue;
    try {
      values[`${SECRET_PREFIX}${name}`] = await box.open(name, sealed);
    } catch {
      unopened.push(name);
    }
  }
  return { values, unopened };
}
