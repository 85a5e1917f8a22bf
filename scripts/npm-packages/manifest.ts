/** What a package says of itself, as far as publishing looks at it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The package in the repository: its sources are its door, and nobody publishes it as it lies there. */
const ONLY_IN_THE_REPOSITORY = ["private", "files", "devDependencies", "scripts"];

/**
 * A library as it is published: what stood in `src/x.ts` is in `dist/x.js`, its types in `dist/x.d.ts`.
 * @param repository where the sources are kept; npm wants it beside a proof of where a package was built
 */
export function libraryManifest(manifest: Manifest, repository: string | undefined): Manifest {
  const exports = Object.fromEntries(Object.entries(manifest.exports ?? {}).map(([door, { "@dragoman/source": source = "" }]) => [door, builtDoor(source)]));
  return { ...withoutWorkshop(manifest), exports, ...where(repository) };
}

/** The program as it is published: everything is in its bundle but the runtime. */
export function programManifest(manifest: Manifest, repository: string | undefined): Manifest {
  const { bun } = manifest.dependencies ?? {};
  if (bun === undefined) throw new Error(`${manifest.name} does not name its runtime`);
  return { ...withoutWorkshop(manifest), dependencies: { bun }, ...where(repository) };
}

/** The web interface as it is published: static files. */
export function pageManifest(manifest: Manifest, repository: string | undefined): Manifest {
  return { ...withoutWorkshop(manifest), ...where(repository) };
}

function builtDoor(source: string): Readonly<Record<string, string>> {
  const built = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1];
  if (built === undefined) throw new Error(`no source for a door: ${source}`);
  return { types: `./dist/${built}.d.ts`, default: `./dist/${built}.js` };
}

function withoutWorkshop(manifest: Manifest): Manifest {
  return Object.fromEntries(Object.entries(manifest).filter(([field]) => !ONLY_IN_THE_REPOSITORY.includes(field))) as unknown as Manifest;
}

function where(repository: string | undefined): { readonly repository?: { readonly type: string; readonly url: string } } {
  return repository === undefined ? {} : { repository: { type: "git", url: `git+${repository}.git` } };
}
