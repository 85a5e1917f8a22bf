import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { parseEnv } from "node:util";
import { parse as parseJson } from "jsonc-parser";
import { parse as parseYaml } from "yaml";
import { UsageError } from "../command.ts";

/** What a file of another gateway holds: settings, or variables. */
export interface Source {
  /** Absolute. */
  readonly path: string;
  readonly directory: string;
  readonly text: string;
  /** Empty for files of variables. */
  readonly tree: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, string>>;
  /** The program reads its variables by itself when it is started in the file's directory. */
  readonly isEnvironmentFile: boolean;
}

/**
 * Reads `.json`, `.jsonc` and `.yaml` as settings, Wrangler's files as the variables in their `vars`, everything else as lines of
 * `NAME=value`.
 * @throws UsageError when it cannot be read
 */
export function readSource(file: string): Source {
  const path = resolve(file);
  const text = textOf(path);
  const name = basename(path);
  const tree = isSettings(name) ? readTree(name, text) : {};
  const vars: unknown = tree.vars;
  const variables = isSettings(name) ? (/^wrangler\./.test(name) ? stringsOf(vars) : {}) : stringsOf(parseEnv(text));
  return { path, directory: dirname(path), text, tree, variables, isEnvironmentFile: name === ".env" };
}

const isSettings = (name: string): boolean => /\.(jsonc?|ya?ml|toml)$/i.test(name);

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(code === "ENOENT" ? `there is no ${path}.` : `${path} cannot be read (${code ?? "unknown error"}).`);
  }
}

/** Never quotes the text, which may hold keys. */
function readTree(name: string, text: string): Source["tree"] {
  const value = readAs(name, text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new UsageError(`${name} holds no settings: expected names with values.`);
  return value as Source["tree"];
}

function readAs(name: string, text: string): unknown {
  try {
    if (/\.toml$/i.test(name)) return Bun.TOML.parse(text);
    return /\.jsonc$/i.test(name) ? (parseJson(text) as unknown) : (parseYaml(text) as unknown);
  } catch {
    throw new UsageError(`${name} cannot be read: it is not well-formed.`);
  }
}

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string")) as Record<string, string>;
}
