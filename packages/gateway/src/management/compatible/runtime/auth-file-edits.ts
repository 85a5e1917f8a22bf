import { z } from "zod";
import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { credentialAt, credentialsOf } from "../../../routing/roster.ts";
import { defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk, type NamedFiles, type Office } from "../../office.ts";
import { isConfigured, switchCredential } from "../../switch-credential.ts";
import { AUTH_FILES } from "./auth-files.ts";
import { editedLogin, fieldEdits } from "./login-fields.ts";
import { authFilesOf, findLogin } from "./stored-login.ts";

const common = { tag: "Stored logins", auth: "management" as const };

const setStatus = defineOperation({
  ...common, id: "setAuthFileStatus", method: "PATCH", path: `${AUTH_FILES}/status`, summary: "Switch a stored login, or a key of the configuration, off or on",
  body: z.object({ name: z.string().optional(), auth_index: z.string().optional(), disabled: z.boolean() }), invalidBody: "invalid body",
  reply: z.object({ status: z.literal("ok"), disabled: z.boolean() }).loose(), audit: "login.switched",
  failures: { 400: "no name was given", 404: "there is no such login" },
});

const setFields = defineOperation({
  ...common, id: "setAuthFileFields", method: "PATCH", path: `${AUTH_FILES}/fields`, summary: "Change fields of a stored login; names may be dotted paths, null takes a field away",
  body: z.record(z.string(), z.json()), invalidBody: "invalid body",
  reply: z.object({ status: z.literal("ok") }), audit: "login.edited",
  failures: { 400: "no name or no fields were given", 404: "there is no such login" },
});

export const authFileEditDesks: readonly Desk[] = [
  defineDesk(setStatus, async ({ office, body, note }) => {
    const { name = "", auth_index: index = "", disabled } = body;
    if (name.trim() === "" && index.trim() === "") throw new OfficeError(400, "name is required");
    note(name === "" ? index : name, { disabled });
    const files = office.ports.authFiles;
    const isLogin = files !== undefined && (await rewrite(files, { name, index }, (content) => ({ ...content, disabled })));
    return { status: "ok" as const, disabled, ...(!isLogin && (await switchConfigured(office, { name, index, disabled }))) };
  }),
  defineDesk(setFields, async ({ office, body, note }) => {
    const { name, ...fields } = body;
    if (typeof name !== "string" || name.trim() === "") throw new OfficeError(400, "name is required");
    const edits = fieldEdits(fields);
    note(name, { fields: edits.map(({ path }) => path.join(".")) });
    if (!(await rewrite(authFilesOf(office), { name, index: "" }, (content) => editedLogin(content, edits)))) throw new OfficeError(404, "auth file not found");
    return { status: "ok" as const };
  }),
];

/** Changes of one directory stand in line, so that none is written over by another that began before it. */
const lines = new WeakMap<NamedFiles, Promise<unknown>>();

/** @returns whether there is such a login */
function rewrite(files: NamedFiles, asked: Asked, edit: (content: JsonObject) => JsonObject): Promise<boolean> {
  const turn = (lines.get(files) ?? Promise.resolve()).then(() => rewriteNow(files, asked, edit));
  lines.set(files, turn.catch(() => undefined));
  return turn;
}

async function rewriteNow(files: NamedFiles, { name, index }: Asked, edit: (content: JsonObject) => JsonObject): Promise<boolean> {
  const login = await findLogin(files, (each) => (name === "" || each.name === name) && (index === "" || each.index === index));
  if (login === undefined) return false;
  if (!isJsonObject(login.content)) throw new OfficeError(400, "invalid auth file: expected a JSON object");
  await files.write(login.name, `${JSON.stringify(edit(login.content), undefined, 2)}\n`);
  return true;
}

/** Blank members ask for anything. */
interface Asked {
  readonly name: string;
  readonly index: string;
}

/** A key of the configuration goes by its id or its index. */
async function switchConfigured(office: Office, asked: Asked & { readonly disabled: boolean }): Promise<Readonly<Record<string, Json>>> {
  const { roster } = office.engine.switchboard;
  const placed = asked.index === "" ? credentialsOf(roster).find(({ credential }) => credential.id === asked.name) : credentialAt(roster, asked.index);
  if (placed === undefined || !isConfigured(placed.credential)) throw new OfficeError(404, "auth file not found");
  const how = await switchCredential(office.ports.config, placed.credential, asked.disabled);
  return how === "excluded-models" ? { via: "config:excluded-models", excluded_pattern: "*" } : { via: "config:disabled" };
}
