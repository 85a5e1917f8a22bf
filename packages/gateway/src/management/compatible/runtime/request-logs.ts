import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk, type NamedFiles, type Office } from "../../office.ts";
import { dispositionOf, isPlainName } from "./file-name.ts";

const common = { tag: "Logs", auth: "management" as const };
const ERROR_LOG = /^error-.*\.log$/;
const REQUEST_ID = /^[A-Za-z0-9_]{1,64}$/;

const list = defineOperation({
  ...common, id: "listErrorLogs", method: "GET", path: `${BASE}/request-error-logs`, summary: "Logs of failed requests, newest first; none while every request has a log of its own",
  reply: z.object({ files: z.array(z.object({ name: z.string(), size: z.number(), modified: z.number() })) }),
});

const one = defineOperation({
  ...common, id: "readErrorLog", method: "GET", path: `${BASE}/request-error-logs/{name}`, summary: "One log of a failed request",
  params: z.object({ name: z.string() }), replyType: "text/plain", failures: { 400: "the name is none of such a log", 404: "there is no such file" },
});

const byId = defineOperation({
  ...common, id: "readRequestLog", method: "GET", path: `${BASE}/request-log-by-id/{id}`, summary: "The log of the request with this id",
  params: z.object({ id: z.string() }), replyType: "text/plain", failures: { 400: "the id is none", 404: "there is no such log" },
});

const withoutId = defineOperation({ ...common, id: "readRequestLogWithoutId", method: "GET", path: `${BASE}/request-log-by-id`, summary: "Refuses: an id is needed", failures: { 400: "always" } });

export const requestLogDesks: readonly Desk[] = [
  defineDesk(list, async ({ office }) => {
    if (office.ports.config.current().config["request-log"]) return { files: [] };
    const files = (await office.ports.requestLogs?.list()) ?? [];
    return {
      files: files.filter(({ name }) => ERROR_LOG.test(name)).sort((a, b) => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1))
        .map(({ name, size, modifiedAt }) => ({ name, size, modified: Math.floor(modifiedAt / 1000) })),
    };
  }),
  defineDesk(one, ({ office, params: { name } }) => {
    if (!isPlainName(name) || !ERROR_LOG.test(name)) throw new OfficeError(400, "invalid log file name");
    return attachment(office.ports.requestLogs, name, "log file not found");
  }),
  defineDesk(byId, async ({ office, params: { id } }) => {
    if (!REQUEST_ID.test(id)) throw new OfficeError(400, "invalid request ID");
    return attachment(office.ports.requestLogs, await nameOf(office, id), "log file not found for the given request ID");
  }),
  defineDesk(withoutId, () => {
    throw new OfficeError(400, "missing request ID");
  }),
];

async function nameOf(office: Office, id: string): Promise<string | undefined> {
  const files = (await office.ports.requestLogs?.list()) ?? [];
  return files.filter(({ name }) => name.endsWith(`-${id}.log`)).sort((a, b) => b.modifiedAt - a.modifiedAt)[0]?.name;
}

async function attachment(files: NamedFiles | undefined, name: string | undefined, missing: string): Promise<Response> {
  const content = name === undefined ? undefined : await files?.read(name);
  if (name === undefined || content === undefined) throw new OfficeError(404, missing);
  return new Response(content as Uint8Array<ArrayBuffer>, { headers: { "content-type": "text/plain; charset=utf-8", "content-disposition": dispositionOf(name) } });
}
