import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSecretKey } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import type { Environment } from "../config/environment-file.ts";
import { writeAtomically } from "../config/write-atomically.ts";

const KEY_BYTES = 32;

export interface SecretKey {
  readonly key: Uint8Array;
  /** False: it ends with this process. */
  readonly kept: boolean;
}

/**
 * The key that hashes clients' keys and closes secrets: `DRAGOMAN_SECRET_KEY`, else `secret.key` in the data directory, made at
 * the first start. On a read-only disk it lives only as long as the process.
 * @throws UsageError when the variable is too short
 */
export function secretKey(directory: string, environment: Environment): SecretKey {
  const given = environment.DRAGOMAN_SECRET_KEY?.trim();
  if (given !== undefined && given !== "") return { key: fromText(given), kept: true };
  const path = secretKeyPath(directory);
  const stored = readKey(path);
  if (stored !== undefined) return { key: stored, kept: true };
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeAtomically(path, Buffer.from(key).toString("hex"));
    return { key, kept: true };
  } catch {
    return { key, kept: false };
  }
}

export function secretKeyPath(directory: string): string {
  return join(directory, "secret.key");
}

/** @throws UsageError when it is too short */
function fromText(text: string): Uint8Array {
  try {
    return parseSecretKey(text);
  } catch (error) {
    throw new UsageError(`DRAGOMAN_SECRET_KEY ${(error as Error).message}.`);
  }
}

/** @throws UsageError when the file is damaged: with a new key, no client's key would fit any more */
function readKey(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UsageError(`${path} cannot be read (${code ?? "unknown error"}).`);
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new UsageError(`${path} does not hold a key: expected 64 hex digits. Put back the one from your backup.`);
  return new Uint8Array(Buffer.from(text, "hex"));
}
