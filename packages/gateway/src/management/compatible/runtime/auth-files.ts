import { z } from "zod";
import type { JsonObject } from "@dragoman/core";
import type { OfferedModel, Service } from "../../../routing/service.ts";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk } from "../../office.ts";
import { dispositionOf } from "./file-name.ts";
import { loginView, passingView } from "./login-view.ts";
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
  ...common, id: "authFileModels", method: "GET", path: `${AUTH_FILES}/models`, summary: "Models that a stored login offers",
  query: z.object({ name: z.string().optional() }), reply: z.object({ models: z.array(z.record(z.string(), z.unknown())) }),
  failures: { 400: "no name was given" },
});

export const authFileDesks: readonly Desk[] = [
  defineDesk(list, async ({ office, query }) => {
    const logins = await listLogins(authFilesOf(office));
    const shown = logins.filter((login) => (query.name === undefined || login.name === query.name) && (query.auth_index === undefined || login.index === query.auth_index));
    const passing = [...(office.accounts?.accounts() ?? [])].filter(({ isPassing }) => isPassing && query.name === undefined && query.auth_index === undefined);
    return { files: [...shown.map((login) => loginView(login, office)), ...passing.map((account) => passingView(account, office))] };
  }),
  defineDesk(download, async ({ office, query }) => {
    const files = authFilesOf(office);
    const name = checkedName(query.name);
    const content = await files.read(name);
    if (content === undefined) throw new OfficeError(404, "file not found");
    return new Response(content as Uint8Array<ArrayBuffer>, { headers: { "content-type": "application/json", "content-disposition": dispositionOf(name) } });
  }),
  defineDesk(models, ({ office, query }) => {
    const name = (query.name ?? "").trim();
    if (name === "") throw new OfficeError(400, "name is required");
    const { roster } = office.engine.switchboard;
    const services = roster.services().filter(({ credentials, switchedOff = [] }) => [...credentials, ...switchedOff].some(({ id }) => id === name || id.startsWith(`${name}::`)));
    return { models: services.flatMap((service) => roster.modelsOf(service).map((model) => modelView(service, model))) };
  }),
];

function modelView({ ownedBy, name }: Service, model: OfferedModel): JsonObject {
  return { id: model.name, ...(model.displayName !== undefined && { display_name: model.displayName }), type: name, owned_by: ownedBy };
}
