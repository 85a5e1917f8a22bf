import type { BundledPackage } from "./licences.ts";

interface Component {
  readonly name: string;
  readonly version: string;
}

/**
 * What is in the program, as CycloneDX 1.5. `npm sbom` could not say it: it lists what is installed, and here most of that is for
 * the workshop, while what the bundles hold is among the development dependencies.
 *
 * @param runtime the Bun that goes with it
 * @param digests by `node_modules/…` directory, as package-lock.json has them
 */
export function billOfMaterials(program: Component, packages: readonly BundledPackage[], { runtime, digests }: { readonly runtime: Component; readonly digests: Readonly<Record<string, string | undefined>> }): unknown {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", ...program, purl: purlOf(program) } },
    components: [
      { type: "platform", ...runtime, purl: purlOf(runtime), licenses: [{ expression: "MIT" }] },
      ...packages.map((one) => ({
        type: "library",
        name: one.name,
        version: one.version,
        purl: purlOf(one),
        licenses: [{ expression: one.licence }],
        ...hashes(digests[one.directory]),
      })),
    ],
  };
}

/** @see https://github.com/package-url/purl-spec, type npm: the scope's `@` is escaped (read 2026-11) */
function purlOf({ name, version }: Component): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** npm's `sha512-` with base64 as hexadecimal digits. */
function hashes(integrity: string | undefined): { readonly hashes?: readonly { readonly alg: string; readonly content: string }[] } {
  const digest = /^sha512-(\S+)$/.exec(integrity ?? "")?.[1];
  return digest === undefined ? {} : { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] };
}
