import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What the package `bun` has in place of the binary until its postinstall step has run is smaller than this. Bytes. */
const PLACEHOLDER_BYTES = 1_000_000;

/**
 * Finds the pinned Bun. The npm package `bun` brings the binary as an optional dependency for the platform, and its
 * postinstall step moves it from there into the package itself. Installs with `--ignore-scripts` skip that step, so we
 * look in both places.
 * @returns {string} path of the executable
 * @throws {Error} with what to do, when no binary fits this machine
 */
export function findBun() {
  const require = createRequire(import.meta.url);
  for (const name of candidates()) {
    try {
      const binary = join(dirname(require.resolve(`@oven/${name}/package.json`)), "bin", process.platform === "win32" ? "bun.exe" : "bun");
      if (existsSync(binary)) return binary;
    } catch {
      // Not the package for this machine.
    }
  }
  const moved = join(dirname(require.resolve("bun/package.json")), "bin", "bun.exe");
  if (existsSync(moved) && statSync(moved).size > PLACEHOLDER_BYTES) return moved;
  throw new Error(`No Bun for ${process.platform} ${process.arch} is installed. Run "npm ci" (without --omit=optional) and try again.`);
}

function candidates() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  const base = `bun-${platform}-${arch}`;
  const musl = platform === "linux" && !isGlibc() ? "-musl" : "";
  const simple = arch === "x64" && !hasAvx2();
  const names = [`${base}${musl}`, `${base}${musl}-baseline`];
  return simple ? names.reverse() : names;
}

function isGlibc() {
  return process.report?.getReport?.().header.glibcVersionRuntime !== undefined;
}

/** Old x64 processors need the baseline build. Elsewhere than on Linux the ordinary build is tried first. */
function hasAvx2() {
  if (process.platform !== "linux") return true;
  try {
    return readFileSync("/proc/cpuinfo", "utf8").includes("avx2");
  } catch {
    return true;
  }
}
