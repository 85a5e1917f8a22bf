import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Somebody else's package in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its manifest names it, an SPDX expression. */
  readonly licence: string;
  readonly directory: string;
}

/**
 * The packages of other people among the sources of a bundle, by name.
 * @param sources paths below the repository
 * @throws when a package does not name its licence
 */
export function packagesOf(sources: readonly string[]): readonly BundledPackage[] {
  const directories = [...new Set(sources.map(packageDirectory).filter((directory) => directory !== undefined))].toSorted();
  return directories.map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { readonly name: string; readonly version: string; readonly license?: string };
    if (license === undefined) throw new Error(`${name} does not name its licence`);
    return { name, version, licence: license, directory };
  });
}

/** Their licences in full: most want their text to go along. */
export function licencesOf(packages: readonly BundledPackage[]): string {
  return ["The program contains these packages.", ...packages.map(licenceOf)].join(`\n\n${"-".repeat(80)}\n\n`);
}

/** `node_modules/@scope/name` of `node_modules/@scope/name/lib/x.js`, also where packages are nested. */
function packageDirectory(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function licenceOf({ name, version, licence, directory }: BundledPackage): string {
  const file = readdirSync(directory).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  return `${name} ${version} (${licence})${file === undefined ? "" : `\n\n${readFileSync(join(directory, file), "utf8").trim()}`}`;
}
