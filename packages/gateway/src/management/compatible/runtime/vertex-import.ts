import { z } from "zod";
import type { JsonObject } from "@dragoman/core";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk } from "../../office.ts";
import { readForm } from "./form.ts";
import { authFilesOf } from "./stored-login.ts";
import { parseObject, textOf } from "../../../accounts/stored-json.ts";

const DEFAULT_LOCATION = "us-central1";

const operation = defineOperation({
  tag: "Stored logins", auth: "management", id: "importVertex", method: "POST", path: `${BASE}/vertex/import`, summary: "Store a service account of Google Cloud: a form with `file`, and perhaps `location`",
  query: z.object({ location: z.string().optional() }), bodyType: "multipart/form-data", body: z.unknown(),
  reply: z.object({ status: z.literal("ok"), "auth-file": z.string(), project_id: z.string(), email: z.string(), location: z.string() }), audit: "login.stored",
  failures: { 400: "the file is no service account", 500: "the file could not be written" },
});

export const vertexImportDesks: readonly Desk[] = [
  defineDesk(operation, async ({ office, query, request, note }) => {
    const files = authFilesOf(office);
    const form = request.headers.get("content-type")?.startsWith("multipart/form-data") === true ? await readForm(request) : [];
    const file = form.find((part) => part.field === "file")?.file;
    if (file === undefined) throw new OfficeError(400, "file required");
    const account = serviceAccount(await file.text());
    const location = textOf(form.find((part) => part.field === "location")?.text) ?? textOf(query.location) ?? DEFAULT_LOCATION;
    const name = `vertex-${account.projectId.replace(/[^A-Za-z0-9._-]/g, "_").replaceAll("..", "_")}.json`;
    const login = { type: "vertex", project_id: account.projectId, email: account.email, location, service_account: account.content };
    try {
      await files.write(name, `${JSON.stringify(login, undefined, 2)}\n`);
    } catch {
      throw new OfficeError(500, { error: "save_failed" });
    }
    note(name);
    return { status: "ok" as const, "auth-file": name, project_id: account.projectId, email: account.email, location };
  }),
];

function serviceAccount(text: string): { readonly projectId: string; readonly email: string; readonly content: JsonObject } {
  const content = parseObject(text);
  if (content === undefined) throw new OfficeError(400, "invalid json");
  const email = textOf(content.client_email);
  if (email === undefined || textOf(content.private_key) === undefined) throw new OfficeError(400, "invalid service account");
  const projectId = textOf(content.project_id);
  if (projectId === undefined) throw new OfficeError(400, "project_id missing");
  return { projectId, email, content };
}
