import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Surroundings } from "./surroundings.ts";

/** The file that a command's name stands for; `undefined` when there is none. */
export function findCommand(name: string, { environment, platform }: Pick<Surroundings, "environment" | "platform">): string | undefined {
  const endings = platform === "win32" ? (environment.PATHEXT ?? ".EXE;.CMD;.BAT").split(";") : [""];
  const directories = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter((directory) => directory !== "");
  return directories.flatMap((directory) => endings.map((ending) => join(directory, name + ending))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
