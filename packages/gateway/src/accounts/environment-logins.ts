import { sha256Hex, type JsonObject } from "@dragoman/core";
import type { Environment } from "../config/expand-environment.ts";
import type { Logger } from "../ports.ts";
import type { AccountFiles } from "./account-files.ts";
import type { AccountKind, KeptLogin } from "./account-kind.ts";
import { HOME, type HomeFiles } from "./home-files.ts";
import { parseObject } from "./stored-json.ts";

/** The surroundings of the process, as a host shows them. */
export interface AccountEnvironment {
  readonly variables: Environment;
  /** Absent: there is no home directory. */
  readonly home?: HomeFiles;
  /** Nothing is written: for commands that only look. */
  readonly looksOnly?: true;
}

/** An account that nobody put into the directory. */
export interface FoundAccount {
  readonly name: string;
  readonly kind: AccountKind;
  readonly content: JsonObject;
  readonly isPassing: boolean;
}

export interface FoundAccounts {
  readonly accounts: readonly FoundAccount[];
  /** Names of files that take no part. */
  readonly resting: ReadonlySet<string>;
}

export interface EnvironmentSearch {
  readonly kinds: readonly AccountKind[];
  readonly environment: AccountEnvironment;
  /** With those below the home directory. */
  readonly files: AccountFiles;
  readonly logger: Logger;
}

/** In a kept file: of which value of the variable it was made. */
const ORIGIN = "from_environment";

/** Looks through the environment for every kind. Logins that change as they are used are in the directory when this resolves. */
export async function environmentLogins({ kinds, environment: { variables, looksOnly }, files, logger }: EnvironmentSearch): Promise<FoundAccounts> {
  const accounts: FoundAccount[] = [];
  const resting = new Set<string>();
  for (const kind of kinds) {
    const { passing = [], kept = [], followed = [], resting: ofKind = [] } = kind.fromEnvironment?.(variables) ?? {};
    for (const { file, content } of passing) accounts.push({ name: file, kind, content, isPassing: true });
    for (const login of kept) {
      const isThere = looksOnly === true ? await isKept(login, files) : await keep(login, files, logger);
      if (!isThere) accounts.push({ name: login.file, kind, content: login.content, isPassing: true });
    }
    for (const path of followed) {
      const content = await readObject(files, HOME + path);
      if (content !== undefined) accounts.push({ name: HOME + path, kind, content, isPassing: false });
    }
    for (const file of ofKind) resting.add(file);
  }
  return { accounts, resting };
}

/**
 * A token that is good once is spent after its first use, while the variable still says it: what was made of the same
 * value stays as it is.
 * @returns whether the directory holds the login now
 */
async function keep({ file, content, origin }: KeptLogin, files: AccountFiles, logger: Logger): Promise<boolean> {
  if (await isKept({ file, origin }, files)) return true;
  try {
    await files.write(file, `${JSON.stringify({ ...content, [ORIGIN]: markOf(origin) }, undefined, 2)}\n`);
    return true;
  } catch (error) {
    logger.log("warn", "account.not-kept", { account: file, effect: "the login of the environment is lost at a restart", cause: String(error) });
    return false;
  }
}

async function isKept({ file, origin }: Pick<KeptLogin, "file" | "origin">, files: AccountFiles): Promise<boolean> {
  return (await readObject(files, file))?.[ORIGIN] === markOf(origin);
}

function markOf(origin: string): string {
  return sha256Hex(origin).slice(0, 16);
}

async function readObject(files: AccountFiles, name: string): Promise<JsonObject | undefined> {
  const bytes = await files.read(name).catch(() => undefined);
  return bytes === undefined ? undefined : parseObject(new TextDecoder().decode(bytes));
}
