import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

/** One file of the page, by its path below `/admin/`. */
export interface AdminFile {
  readonly path: string;
  readonly content: Uint8Array;
}

let packed: string | undefined;

/** Tells where a program that was built carries its page; `undefined`: it carries none. Nothing is read until somebody asks for the page. */
export function embedAdmin(path: string | undefined): void {
  packed = path;
}

export function isEmbedded(): boolean {
  return packed !== undefined;
}

/** `undefined`: this program runs from its sources. */
export async function readEmbedded(): Promise<readonly AdminFile[] | undefined> {
  return packed === undefined ? undefined : unpackFiles(new Uint8Array(await Bun.file(packed).arrayBuffer()));
}

/** All files in one, so that the executable needs to name but one. */
export function packFiles(files: readonly AdminFile[]): Uint8Array {
  return brotliCompressSync(JSON.stringify(files.map(({ path, content }) => [path, Buffer.from(content).toString("base64")])));
}

function unpackFiles(bytes: Uint8Array): readonly AdminFile[] {
  const entries = JSON.parse(brotliDecompressSync(bytes).toString()) as readonly (readonly [string, string])[];
  return entries.map(([path, content]) => ({ path, content: new Uint8Array(Buffer.from(content, "base64")) }));
}
