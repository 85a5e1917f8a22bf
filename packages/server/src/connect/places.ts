import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Client, FileFormat, Place, SettingsFile } from "@dragoman/gateway";
import type { Surroundings } from "./surroundings.ts";

/** How a file is written: as the client reads it, or as a shell does. */
export type WrittenFormat = FileFormat | "exports" | "fish";

/** A settings file of a client where it lies on this machine. */
export interface PlacedFile {
  readonly path: string;
  readonly format: WrittenFormat;
  readonly file: SettingsFile;
}

export interface PlaceWish {
  /** The settings of the working directory, where a client has such. */
  readonly project?: boolean;
  /** A file in place of the usual one. */
  readonly path?: string;
}

/** The files in which a client would be connected; none when it has none that a program could write. */
export function placesOf(client: Client, around: Surroundings, wish: PlaceWish = {}): readonly PlacedFile[] {
  return (client.files ?? []).flatMap((file, at) => {
    const placed = (path: string, format: WrittenFormat): readonly PlacedFile[] => [{ path, format, file }];
    if (wish.path !== undefined && at === 0) return placed(resolve(around.project, wish.path), file.format);
    if (wish.project === true) return file.place.project === undefined ? [] : placed(join(around.project, file.place.project), file.format);
    if (file.place.isProfile === true) return placed(...profileOf(around));
    const path = withOther(file.place, pathOf(file.place, around));
    if (file.place.isInstalled !== true || existsSync(dirname(path))) return placed(path, file.format);
    const here = join(around.project, file.place.project ?? "");
    return file.place.project !== undefined && existsSync(here) ? placed(here, file.format) : [];
  });
}

function pathOf({ home, appData, directory, variable }: Place, { environment, home: userHome, platform }: Surroundings): string {
  const named = variable === undefined ? undefined : environment[variable];
  if (named !== undefined && named !== "") return resolve(userHome, named);
  const base = directory === undefined ? undefined : environment[directory.variable];
  if (directory !== undefined && base !== undefined && base !== "") return join(resolve(userHome, base), directory.below);
  if (platform === "win32" && appData !== undefined) return join(environment.APPDATA ?? join(userHome, "AppData/Roaming"), appData);
  return join(userHome, home);
}

/** Where the client reads files of several names, the one that is there. */
function withOther({ orElse = [] }: Place, path: string): string {
  return [path, ...orElse.map((name) => join(dirname(path), name))].find((each) => existsSync(each)) ?? path;
}

/** What the user's shell reads when it begins. */
function profileOf({ environment, home }: Surroundings): [path: string, format: WrittenFormat] {
  const shell = (environment.SHELL ?? "").replace(/^.*\//, "");
  if (shell === "fish") return [join(environment.XDG_CONFIG_HOME ?? join(home, ".config"), "fish/config.fish"), "fish"];
  if (shell === "zsh") return [join(environment.ZDOTDIR ?? home, ".zshrc"), "exports"];
  return [join(home, shell === "bash" ? ".bashrc" : ".profile"), "exports"];
}
