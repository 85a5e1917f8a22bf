import { z } from "zod";
import type { Json } from "@dragoman/core";
import { defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { AUTH_FILES } from "./auth-files.ts";
import { readForm } from "./form.ts";
import { authFilesOf, checkedName, isLoginName, saveLogin, uploadName } from "./stored-login.ts";

const common = { tag: "Stored logins", auth: "management" as const };

const upload = defineOperation({
  ...common, id: "uploadAuthFiles", method: "POST", path: AUTH_FILES, summary: "Store logins: a form with parts named `file`, or a JSON body with `?name=`",
  query: z.object({ name: z.string().optional() }), bodyType: "multipart/form-data", body: z.unknown(),
  reply: z.object({ status: z.string() }).loose(), audit: "login.stored",
  failures: { 207: "some of several were not stored", 400: "a name or a content is none of a login", 503: "the host keeps no logins" },
});

const names = z.union([z.array(z.string()), z.object({ name: z.string() }), z.object({ names: z.array(z.string()) })]);

const remove = defineOperation({
  ...common, id: "deleteAuthFiles", method: "DELETE", path: AUTH_FILES, summary: "Remove stored logins: `?name=` (also several), a body with names, or `?all=true`",
  query: z.object({ name: z.string().optional(), all: z.string().optional() }), body: names.optional(), invalidBody: "invalid body",
  reply: z.object({ status: z.string() }).loose(), audit: "login.removed",
  failures: { 207: "some of several were not removed", 400: "a name is none of a login", 404: "there is no such file" },
});

export const authFileChangeDesks: readonly Desk[] = [
  defineDesk(upload, async ({ office, query, request, note }) => {
    const files = authFilesOf(office);
    const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data") === true;
    if (isForm) return uploadForm(office, request, note);
    const name = checkedName(query.name);
    await saveLogin(files, name, new Uint8Array(await request.arrayBuffer()));
    note(name);
    await office.accounts?.noticed(name);
    return { status: "ok" };
  }),
  defineDesk(remove, async ({ office, query, body, request, note }) => {
    if (["true", "1", "*"].includes(query.all ?? "")) return removeAll(office, note);
    const asked = [...new URL(request.url).searchParams.getAll("name"), ...namesOf(body)];
    note(asked.join(", "));
    return each(asked, "deleted", { empty: "invalid name", act: async (name) => removeOne(office, name) });
  }),
];

function namesOf(body: z.infer<typeof names> | undefined): readonly string[] {
  if (body === undefined) return [];
  return Array.isArray(body) ? body : "names" in body ? body.names : [body.name];
}

async function uploadForm(office: Office, request: Request, note: (target: string) => void): Promise<Response | { status: string }> {
  const files = authFilesOf(office);
  const parts = (await readForm(request)).filter(({ field, file }) => field === "file" && file !== undefined);
  note(parts.map(({ file }) => file?.name).join(", "));
  const byName = new Map(parts.map(({ file }) => [file?.name ?? "", file]));
  return each([...byName.keys()], "uploaded", {
    empty: "no files uploaded",
    async act(path) {
      const name = uploadName(path);
      await saveLogin(files, name, new Uint8Array((await byName.get(path)?.arrayBuffer()) ?? new ArrayBuffer(0)));
      await office.accounts?.noticed(name);
      return name;
    },
  });
}

async function removeOne(office: Office, asked: string): Promise<string> {
  const name = checkedName(asked);
  if (!(await authFilesOf(office).remove(name))) throw new OfficeError(404, "file not found");
  await office.accounts?.noticed(name);
  return name;
}

async function removeAll(office: Office, note: (target: string) => void): Promise<{ status: string; deleted: number }> {
  const files = authFilesOf(office);
  const names = (await files.list()).map(({ name }) => name).filter(isLoginName);
  let deleted = 0;
  for (const name of names) {
    if (!(await files.remove(name))) continue;
    deleted += 1;
    await office.accounts?.noticed(name);
  }
  note("*");
  return { status: "ok", deleted };
}

interface Each {
  /** What is said when nothing was asked for. */
  readonly empty: string;
  /** @returns the file's name; throws OfficeError */
  act(name: string): Promise<string>;
}

/** One: the short reply, or its refusal. Several: what was done and what was not, 207 when it was not all. */
async function each(asked: readonly string[], verb: "uploaded" | "deleted", { empty, act }: Each): Promise<Response | { status: string; files?: string[] }> {
  const [first, ...rest] = [...new Set(asked)];
  if (first === undefined) throw new OfficeError(400, empty);
  if (rest.length === 0) {
    await act(first);
    return { status: "ok" };
  }
  const done: string[] = [];
  const failed: { readonly name: string; readonly error: Json | undefined }[] = [];
  for (const name of [first, ...rest]) {
    try {
      done.push(await act(name));
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      failed.push({ name, error: error.body.error });
    }
  }
  if (failed.length === 0) return { status: "ok", [verb]: done.length, files: done };
  return Response.json({ status: "partial", [verb]: done.length, files: done, failed }, { status: 207 });
}
