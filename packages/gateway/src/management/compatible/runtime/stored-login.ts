import { sha256Hex, type JsonObject } from "@dragoman/core";
import { OfficeError, type NamedFiles, type Office } from "../../office.ts";
import { baseName, isPlainName } from "./file-name.ts";
import { parseObject, textOf } from "../../../accounts/stored-json.ts";

/** One file of the directory of logins, as it was read. */
export interface StoredLogin {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: number;
  readonly createdAt: number;
  /** Provider, as the file says; `unknown` when it does not. */
  readonly type: string;
  /** 16 hex digits, the same over restarts. */
  readonly index: string;
  readonly path: string;
  /** `undefined`: it holds no JSON object. */
  readonly content: JsonObject | undefined;
}

type FileFacts = Pick<StoredLogin, "name" | "size" | "modifiedAt" | "createdAt">;

/** @throws OfficeError 503 where the host keeps no logins */
export function authFilesOf(office: Office): NamedFiles {
  if (office.ports.authFiles === undefined) throw new OfficeError(503, "core auth manager unavailable");
  return office.ports.authFiles;
}

export const isLoginName = (name: string): boolean => name.toLowerCase().endsWith(".json");

/** By name, letter case aside. */
export async function listLogins(files: NamedFiles): Promise<readonly StoredLogin[]> {
  const facts = (await files.list()).filter(({ name }) => isLoginName(name));
  const logins = await Promise.all(facts.map((each) => readLogin(files, each)));
  return logins.filter((login) => login !== undefined).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

export async function findLogin(files: NamedFiles, matches: (login: StoredLogin) => boolean): Promise<StoredLogin | undefined> {
  return (await listLogins(files)).find(matches);
}

/** `undefined`: it went away meanwhile. */
async function readLogin(files: NamedFiles, facts: FileFacts): Promise<StoredLogin | undefined> {
  const bytes = await files.read(facts.name);
  if (bytes === undefined) return undefined;
  const content = parseObject(new TextDecoder().decode(bytes));
  const type = textOf(content?.type) ?? "unknown";
  const path = `${files.directory.replace(/\/+$/, "")}/${facts.name}`;
  return { ...facts, type, path, index: sha256Hex(`${type}:${path}`).slice(0, 16), content };
}

/** @throws OfficeError 400 */
export function checkedName(name: string | null | undefined): string {
  if (name === null || name === undefined || !isPlainName(name)) throw new OfficeError(400, "invalid name");
  if (!isLoginName(name)) throw new OfficeError(400, "name must end with .json");
  return name;
}

/** Writes a file as it was uploaded. @throws OfficeError 400 when it is no login; nothing is written then */
export async function saveLogin(files: NamedFiles, name: string, content: Uint8Array | string): Promise<void> {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  if (parseObject(text) === undefined) throw new OfficeError(400, "invalid auth file: expected a JSON object");
  await files.write(name, content);
}

/** A multipart part's name. @throws OfficeError 400 */
export function uploadName(path: string): string {
  const name = baseName(path);
  if (!isLoginName(name)) throw new OfficeError(400, "file must be .json");
  if (!isPlainName(name)) throw new OfficeError(400, "invalid name");
  return name;
}
