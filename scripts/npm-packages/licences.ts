import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The licences of other people's packages among the sources of a bundle: their terms want their text to go along.
 * @param sources paths below the repository
 * @throws when a package says nothing about its licence
 */
export function licencesOf(sources: readonly string[]): string {
  const directories = [...new Set(sources.map(packageDirectory).filter((directory) => directory !== undefined))].toSorted();
  return ["The program contains these packages.", ...directories.map(licenceOf)].join(`\n\n${"-".repeat(80)}\n\n`);
}

/** `node_modules/@scope/name` of `node_modules/@scope/name/lib/x.js`, also where packages are nested. */
function packageDirectory(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function licenceOf(directory: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
  const file = readdirSync(directory).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  if (license === undefined && file === undefined) throw new Error(`${name} says nothing about its licence`);
  const text = file !== undefined ? readFileSync(join(directory, file), "utf8").trim() : "";
  return `${name} ${version} (${license ?? "see below"})${text === "" ? "" : `\n\n${text}`}`;
}
