import { isJsonObject, type JsonObject } from "@dragoman/core";
import { OfficeError, type NamedFiles } from "../../office.ts";
import { findLogin } from "./stored-login.ts";

/** Changes of one directory stand in line, so that none is written over by another that began before it. */
const lines = new WeakMap<NamedFiles, Promise<unknown>>();

/** @returns the file's name; `undefined`: there is no such login */
export function rewriteLogin(files: NamedFiles, asked: AskedLogin, edit: (content: JsonObject) => JsonObject): Promise<string | undefined> {
  const turn = (lines.get(files) ?? Promise.resolve()).then(() => rewriteNow(files, asked, edit));
  lines.set(files, turn.catch(() => undefined));
  return turn;
}

async function rewriteNow(files: NamedFiles, { name, index }: AskedLogin, edit: (content: JsonObject) => JsonObject): Promise<string | undefined> {
  const login = await findLogin(files, (each) => (name === "" || each.name === name) && (index === "" || each.index === index));
  if (login === undefined) return undefined;
  if (!isJsonObject(login.content)) throw new OfficeError(400, "invalid auth file: expected a JSON object");
  await files.write(login.name, `${JSON.stringify(edit(login.content), undefined, 2)}\n`);
  return login.name;
}

/** Blank members ask for anything. */
export interface AskedLogin {
  readonly name: string;
  readonly index: string;
}
