import { z } from "zod";
import type { Json } from "@dragoman/core";
import { credentialAt, credentialsOf } from "../../../routing/roster.ts";
import { defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { isConfigured, switchCredential } from "../../switch-credential.ts";
import { AUTH_FILES } from "./auth-files.ts";
import { editedLogin, fieldEdits } from "./login-fields.ts";
import { rewriteLogin, type AskedLogin } from "./rewrite-login.ts";
import { authFilesOf } from "./stored-login.ts";

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
    const file = files === undefined ? undefined : await rewriteLogin(files, { name, index }, (content) => ({ ...content, disabled }));
    if (file !== undefined) await office.accounts?.noticed(file);
    return { status: "ok" as const, disabled, ...(file === undefined && (await switchConfigured(office, { name, index, disabled }))) };
  }),
  defineDesk(setFields, async ({ office, body, note }) => {
    const { name, ...fields } = body;
    if (typeof name !== "string" || name.trim() === "") throw new OfficeError(400, "name is required");
    const edits = fieldEdits(fields);
    note(name, { fields: edits.map(({ path }) => path.join(".")) });
    if (!(await rewriteLogin(authFilesOf(office), { name, index: "" }, (content) => editedLogin(content, edits)))) throw new OfficeError(404, "auth file not found");
    await office.accounts?.noticed(name);
    return { status: "ok" as const };
  }),
];

/** A key of the configuration goes by its id or its index. */
async function switchConfigured(office: Office, asked: AskedLogin & { readonly disabled: boolean }): Promise<Readonly<Record<string, Json>>> {
  const { roster } = office.engine.switchboard;
  const placed = asked.index === "" ? credentialsOf(roster).find(({ credential }) => credential.id === asked.name) : credentialAt(roster, asked.index);
  if (placed === undefined || !isConfigured(placed.credential)) throw new OfficeError(404, "auth file not found");
  const how = await switchCredential(office.ports.config, placed.credential, asked.disabled);
  return how === "excluded-models" ? { via: "config:excluded-models", excluded_pattern: "*" } : { via: "config:disabled" };
}
