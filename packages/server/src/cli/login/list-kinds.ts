import { missingSetting, type AccountKind } from "@dragoman/gateway";
import type { LoginHouse } from "../../host/open-logins.ts";
import { bold, columns, cyan, dim, green, yellow } from "../terminal.ts";

/** A kind of accounts, as `login --list` shows it. */
export interface ListedKind {
  readonly name: string;
  readonly title: string;
  readonly ways: readonly string[];
  /** What its vendor's terms may forbid. */
  readonly terms?: string;
  readonly state: "ready" | "not-allowed" | "not-configured" | "no-login" | "connects";
  /** What is missing. */
  readonly missing?: string;
  /** What `--set` takes, with what it means. */
  readonly choices?: readonly { readonly name: string; readonly hint: string }[];
  /** Stored logins. */
  readonly accounts: number;
}

export async function listKinds({ accounts, files }: LoginHouse): Promise<readonly ListedKind[]> {
  const types = await storedTypes(files);
  return accounts.kinds.map((kind): ListedKind => {
    const settings = accounts.settingsOf(kind);
    const missing = missingSetting(kind, settings);
    return {
      name: kind.name, title: kind.title, ways: (kind.logins ?? []).map(({ type }) => type),
      ...(kind.terms !== undefined && { terms: kind.terms }),
      state: stateOf(kind, missing !== undefined, accounts.allows(kind)),
      ...(missing !== undefined && { missing: `accounts.kinds.${kind.name}.${missing.key}: ${missing.where}` }),
      ...(kind.loginChoices !== undefined && { choices: kind.loginChoices.map(({ name, hint }) => ({ name, hint })) }),
      accounts: types.filter((type) => kind.types.includes(type)).length,
    };
  });
}

function stateOf(kind: AccountKind, isMissing: boolean, isAllowed: boolean): ListedKind["state"] {
  if (kind.socket !== undefined) return "connects";
  if (kind.logins === undefined || kind.logins.length === 0) return "no-login";
  if (isMissing) return "not-configured";
  return isAllowed ? "ready" : "not-allowed";
}

export function kindsText(kinds: readonly ListedKind[]): string {
  const rows = kinds.map(({ name, title, ways, state, accounts }) => [`  ${cyan(name)}`, title, ways.join(", "), STATES[state], dim(accounts === 0 ? "" : `${accounts} stored`)]);
  const terms = kinds.filter((kind) => kind.terms !== undefined);
  return [
    bold("Kinds of accounts"), columns(rows),
    ...(terms.length === 0 ? [] : ["", bold("Terms"), columns(terms.map((kind) => [`  ${cyan(kind.name)}`, kind.terms ?? ""]))]),
    "",
    ...kinds.flatMap(({ name, choices = [] }) => choices.map((choice) => `${cyan(name)} takes --set ${choice.name}=VALUE: ${choice.hint}`)),
    ...kinds.flatMap(({ missing }) => (missing === undefined ? [] : ["", missing])),
    "", `Log in: ${cyan("dragoman login <kind>")}`,
  ].join("\n");
}

const STATES: Readonly<Record<ListedKind["state"], string>> = {
  ready: green("ready"), "not-allowed": yellow("asks for your consent first"), "not-configured": yellow("needs a setting"), "no-login": dim("by file only"), connects: dim("connects by itself, to /v1/ws"),
};

async function storedTypes(files: LoginHouse["files"]): Promise<readonly string[]> {
  const names = (await files.list()).map(({ name }) => name).filter((name) => name.toLowerCase().endsWith(".json"));
  const types = await Promise.all(names.map(async (name) => {
    try {
      return String((JSON.parse(new TextDecoder().decode(await files.read(name))) as Partial<Record<string, unknown>>).type);
    } catch {
      return "";
    }
  }));
  return types;
}

/** By its name, or by the word that stands in its files. */
export function kindNamed(kinds: readonly AccountKind[], word: string): AccountKind | undefined {
  return kinds.find(({ name }) => name === word) ?? kinds.find(({ types }) => types.includes(word));
}
