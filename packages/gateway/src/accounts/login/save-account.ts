import type { JsonObject } from "@dragoman/core";
import type { AccountFiles } from "../account-files.ts";
import type { NewAccount } from "./login-flow.ts";
import { parseObject } from "../stored-json.ts";

/** What people write into files of logins by hand, or by the admin page; a new login of the same account keeps it. */
const EDITED_BY_PEOPLE = [
  "disabled", "proxy_url", "prefix", "priority", "weight", "note", "label", "headers", "excluded_models", "model_aliases", "request_scoped_errors",
  "disable_cooling", "request_retry", "max_concurrency", "refresh_interval_seconds", "refresh_interval", "websockets", "user_agent", "base_url",
];

/** @returns the name of the file, made safe */
export async function saveAccount(files: AccountFiles, { file, content }: NewAccount): Promise<string> {
  const name = safeFileName(file);
  const write = async (): Promise<void> => {
    const bytes = await files.read(name);
    const before = bytes === undefined ? undefined : parseObject(new TextDecoder().decode(bytes));
    await files.write(name, `${JSON.stringify(before === undefined ? content : { ...editsOf(before), ...content }, undefined, 2)}\n`);
  };
  await (files.locked === undefined ? write() : files.locked(name, write));
  return name;
}

function editsOf(content: JsonObject): JsonObject {
  return Object.fromEntries(EDITED_BY_PEOPLE.flatMap((name) => (content[name] === undefined ? [] : [[name, content[name]]])));
}

/** Most file systems take 255. */
const MAX_STEM_BYTES = 240;

/** A plain name that ends in `.json`, whatever a vendor said in it. */
export function safeFileName(name: string): string {
  let stem = name.replace(/\.json$/i, "").normalize("NFC").replace(/\s+/g, "-")
    // eslint-disable-next-line no-control-regex -- NUL and its kin are what is looked for
    .replace(/[/\\:"<>|?\u0000-\u001f\u007f]/g, "_").replaceAll("*", "x").replaceAll("..", "_").replace(/^[._]+/, "");
  while (new TextEncoder().encode(stem).length > MAX_STEM_BYTES) stem = [...stem].slice(0, -1).join("");
  return `${stem === "" ? "account" : stem}.json`;
}
