import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { chromium, type Browser } from "playwright-core";

const SYSTEM_BROWSER = "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion", "--font-render-hinting=none", "--force-color-profile=srgb"];

/** A real Chromium: the system's, else the one that comes as an npm package. */
export async function openBrowser(): Promise<Browser> {
  if (existsSync(SYSTEM_BROWSER)) return chromium.launch({ executablePath: SYSTEM_BROWSER, args: FLAGS });
  const home = unpackedBrowser();
  // It brings the libraries that small machines lack, and a font.
  const libraries = [process.env.LD_LIBRARY_PATH, join(home, "lib")].filter((path) => path !== undefined && path !== "").join(":");
  return chromium.launch({ executablePath: join(home, "chromium"), args: FLAGS, env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(home, "fonts.conf") } as Record<string, string> });
}

/** Unpacks the package once for each version and machine. The whole folder appears at once, so that two runs do not meet halfway. */
function unpackedBrowser(): string {
  const packageFile = Bun.resolveSync("@sparticuz/chromium", import.meta.dir);
  const root = packageFile.slice(0, packageFile.indexOf("/build/"));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const home = join(tmpdir(), `dragoman-chromium-${version}`);
  if (existsSync(home)) return home;
  const making = `${home}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  writeFileSync(join(making, "chromium"), unpack(root, "chromium.br"), { mode: 0o755 });
  for (const name of ["al2023.tar.br", "fonts.tar.br"]) extractTar(unpack(root, name), making);
  writeFileSync(join(making, "fonts.conf"), fontSettings(home));
  try {
    renameSync(making, home);
  } catch {
    rmSync(making, { recursive: true, force: true });
  }
  return home;
}

function unpack(root: string, name: string): Buffer {
  return brotliDecompressSync(readFileSync(join(root, "bin", name)));
}

const BLOCK = 512;

/** Plain files of a tar archive: name at 0, size in octal at 124, type at 156, contents in blocks of 512 bytes. */
function extractTar(archive: Buffer, directory: string): void {
  const field = (at: number, length: number): string => archive.toString("latin1", at, at + length).replace(/\0.*$/s, "");
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const size = Number.parseInt(field(at + 124, 12), 8);
    if (field(at + 156, 1) === "0") {
      const file = join(directory, field(at, 100));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, archive.subarray(at + BLOCK, at + BLOCK + size), { mode: 0o755 });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Its Open Sans for all that has no serifs, so that pictures look alike on every machine; the system's fonts for other scripts. */
function fontSettings(home: string): string {
  const families = ["sans-serif", "system-ui", "ui-sans-serif"].map((family) => `<match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit></match>`);
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${home}/fonts</dir><dir>/usr/share/fonts</dir><dir>~/.fonts</dir><cachedir>${home}/cache</cachedir>${families.join("")}</fontconfig>`;
}
