import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk } from "../../office.ts";
import { dispositionOf } from "./file-name.ts";
import { loginView } from "./login-view.ts";
import { authFilesOf, checkedName, listLogins } from "./stored-login.ts";

const common = { tag: "Stored logins", auth: "management" as const };
export const AUTH_FILES = `${BASE}/auth-files`;

const list = defineOperation({
  ...common, id: "listAuthFiles", method: "GET", path: AUTH_FILES, summary: "Stored logins, by name",
  query: z.object({ name: z.string().optional(), auth_index: z.string().optional() }),
  reply: z.object({ files: z.array(z.record(z.string(), z.unknown())) }),
  failures: { 503: "the host keeps no logins" },
});

const download = defineOperation({
  ...common, id: "downloadAuthFile", method: "GET", path: `${AUTH_FILES}/download`, summary: "A stored login as it is in its file, secrets included",
  query: z.object({ name: z.string().optional() }), replyType: "application/json",
  failures: { 400: "the name is none of a login", 404: "there is no such file" },
});

const models = defineOperation({
  ...common, id: "authFileModels", method: "GET", path: `${AUTH_FILES}/models`, summary: "Models that are served by a stored login; none, as long as logins are not used for requests",
  query: z.object({ name: z.string().optional() }), reply: z.object({ models: z.array(z.record(z.string(), z.unknown())) }),
  failures: { 400: "no name was given" },
});

export const authFileDesks: readonly Desk[] = [
  defineDesk(list, async ({ office, query }) => {
    const logins = await listLogins(authFilesOf(office));
    const shown = logins.filter((login) => (query.name === undefined || login.name === query.name) && (query.auth_index === undefined || login.index === query.auth_index));
    return { files: shown.map((login) => loginView(login, office.recent)) };
  }),
  defineDesk(download, async ({ office, query }) => {
    const files = authFilesOf(office);
    const name = checkedName(query.name);
    const content = await files.read(name);
    if (content === undefined) throw new OfficeError(404, "file not found");
    return new Response(content as Uint8Array<ArrayBuffer>, { headers: { "content-type": "application/json", "content-disposition": dispositionOf(name) } });
  }),
  defineDesk(models, ({ query }) => {
    if ((query.name ?? "").trim() === "") throw new OfficeError(400, "name is required");
    return { models: [] };
  }),
];
