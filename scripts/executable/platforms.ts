/** A kind of machine for which there is an executable. */
export interface Platform {
  /** As a user would say it: `linux-arm64`. */
  readonly name: string;
  /** What the compiler calls it. */
  readonly target: string;
  /** The npm package with Bun for it, as package-lock.json has it. */
  readonly runtime: string;
  readonly suffix: "" | ".exe";
}

const platform = (name: string, compiler: string, runtime: string): Platform => ({
  name, target: `bun-${compiler}`, runtime: `@oven/bun-${runtime}`, suffix: name.startsWith("windows") ? ".exe" : "",
});

/** The executables of a release. Linux: for glibc. */
export const PLATFORMS: readonly Platform[] = [
  platform("linux-x64", "linux-x64", "linux-x64"),
  platform("linux-arm64", "linux-arm64", "linux-aarch64"),
  platform("darwin-x64", "darwin-x64", "darwin-x64"),
  platform("darwin-arm64", "darwin-arm64", "darwin-aarch64"),
  platform("windows-x64", "windows-x64", "windows-x64"),
  platform("windows-arm64", "windows-arm64", "windows-aarch64"),
];

/** The platform that this is. `undefined`: none of those. */
export function ownPlatform(): Platform | undefined {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return PLATFORMS.find(({ name }) => name === `${system}-${process.arch}`);
}

/** @throws when there is no such platform, with those that there are */
export function platformCalled(name: string): Platform {
  const found = PLATFORMS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no platform ${name}; there are ${PLATFORMS.map((one) => one.name).join(", ")}`);
  return found;
}
