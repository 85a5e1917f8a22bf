import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { AccountKind, FoundLogin } from "@dragoman/gateway";
import { unlessMissing } from "./named-files.ts";

/** A login that another program left on this machine. */
export interface LoginAtHand {
  /** For people. */
  readonly program: string;
  readonly path: string;
  readonly kind: AccountKind;
  /** Name that it gets here. */
  readonly file: string;
  readonly content: JsonObject;
}

/** A file that looked like a login and is none. */
export interface UnusableFile {
  readonly path: string;
  readonly reason: string;
}

export interface FoundLogins {
  readonly logins: readonly LoginAtHand[];
  readonly unusable: readonly UnusableFile[];
}

export interface SearchPlaces {
  readonly kinds: readonly AccountKind[];
  /** Absolute. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Our own directory of logins, which is not searched. Absolute. */
  readonly ownDirectory: string;
}

/** Programs whose whole directory of logins is taken as it stands: the files are the same. */
const DIRECTORIES: readonly { readonly program: string; readonly path: string }[] = [{ program: "CLIProxyAPI", path: ".cli-proxy-api" }];

/** Who knows where logins lie. */
const SOURCES: readonly ((places: SearchPlaces) => FoundLogins)[] = [
  ({ kinds, home, environment }) => joined(kinds.flatMap((kind) => (kind.found ?? []).map((found) => fromProgram(pathOf(found, home, environment), kind, found)))),
  ({ kinds, home, ownDirectory }) => joined(DIRECTORIES.map(({ program, path }) => (join(home, path) === ownDirectory ? NOTHING : fromDirectory(join(home, path), program, kinds)))),
];

const NOTHING: FoundLogins = { logins: [], unusable: [] };

export function findLogins(places: SearchPlaces): FoundLogins {
  return joined(SOURCES.map((search) => search(places)));
}

/** Logins of a directory like CLIProxyAPI's, or of one file. @returns `undefined` when there is no such path */
export function loginsAt(path: string, kinds: readonly AccountKind[]): FoundLogins | undefined {
  const place = resolve(path);
  const facts = unlessMissing(() => statSync(place));
  if (facts === undefined) return undefined;
  return facts.isDirectory() ? fromDirectory(place, "directory", kinds) : fromFile(place, "file", kinds);
}

function pathOf({ path, variable }: FoundLogin, home: string, environment: SearchPlaces["environment"]): string {
  const directory = variable === undefined ? undefined : environment[variable];
  return directory === undefined || directory === "" ? join(home, path) : join(directory, ...path.split("/").slice(1));
}

function fromProgram(path: string, kind: AccountKind, found: FoundLogin): FoundLogins {
  if (unlessMissing(() => statSync(path)) === undefined) return NOTHING;
  const content = readObject(path);
  if (typeof content === "string") return { logins: [], unusable: [{ path, reason: content }] };
  const taken = found.take(content);
  return taken === undefined ? NOTHING : { logins: [{ program: found.program, path, kind, ...taken }], unusable: [] };
}

function fromDirectory(directory: string, program: string, kinds: readonly AccountKind[]): FoundLogins {
  const names = unlessMissing(() => readdirSync(directory)) ?? [];
  return joined(names.filter((name) => name.toLowerCase().endsWith(".json")).sort().map((name) => fromFile(join(directory, name), program, kinds)));
}

/** A stored login as it is, or what one of the known programs would have written. */
function fromFile(path: string, program: string, kinds: readonly AccountKind[]): FoundLogins {
  const content = readObject(path);
  if (typeof content === "string") return { logins: [], unusable: [{ path, reason: content }] };
  const { type } = content;
  const own = typeof type === "string" ? kinds.find(({ types }) => types.includes(type)) : undefined;
  if (own !== undefined) return { logins: [{ program, path, kind: own, file: basename(path), content }], unusable: [] };
  for (const kind of kinds) {
    for (const found of kind.found ?? []) {
      const taken = found.take(content);
      if (taken !== undefined) return { logins: [{ program: found.program, path, kind, ...taken }], unusable: [] };
    }
  }
  return { logins: [], unusable: [{ path, reason: whyNone(content) }] };
}

function whyNone({ type, models, endpoint }: JsonObject): string {
  if (typeof type === "string") return `accounts of type ${type} are not known here`;
  if (Array.isArray(models) && Array.isArray(endpoint)) return "it is droid2api's configuration and holds no login (that is in auth.json); its models belong in accounts.kinds.factory.options.models";
  return "it is no login of a known program";
}

/** @returns the reason when it holds none */
function readObject(path: string): JsonObject | string {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as Json;
    return isJsonObject(value) ? value : "it holds no JSON object";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === undefined ? "it holds no JSON" : `it cannot be read (${code})`;
  }
}

function joined(all: readonly FoundLogins[]): FoundLogins {
  return { logins: all.flatMap(({ logins }) => logins), unusable: all.flatMap(({ unusable }) => unusable) };
}
