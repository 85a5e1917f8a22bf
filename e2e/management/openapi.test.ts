import { afterEach, expect, test } from "bun:test";
import { DESKS } from "../../packages/gateway/src/management/desks.ts";
import { MANAGEMENT_KEY, startOffice, type OfficeOptions, type RunningOffice } from "../kit/office.ts";

let office: RunningOffice;
const start = async (options?: OfficeOptions): Promise<void> => { office = await startOffice(options); };
afterEach(() => office.close());

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { operationId: string; security: unknown[]; parameters?: { name: string; in: string; required: boolean; schema: object }[]; requestBody?: { required: boolean; content: Record<string, { schema: object }> }; responses: Record<string, { description: string }> }>>;
  readonly components: { schemas: object; securitySchemes: Record<string, object> };
}

const read = async (): Promise<Document> => (await office.call("GET", "//openapi.json", { key: null })).body as Document;

test("openapi.json describes every operation, and nothing in it leads nowhere", async () => {
  await start();
  const document = await read();
  expect(document.openapi).toBe("3.1.0");
  const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  expect(described.toSorted()).toEqual([...DESKS.map(({ operation }) => `${operation.method} ${operation.path}`), "GET /openapi.json", "GET /openapi"].toSorted());
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods)) {
      const variable = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").toSorted();
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect({ path, names: declared.map(({ name }) => name).toSorted() }).toEqual({ path, names: variable });
      expect(declared.every(({ required }) => required)).toBe(true);
      expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status))).toBe(true);
      for (const scheme of operation.security.flatMap((entry) => Object.keys(entry as object))) expect(Object.keys(document.components.securitySchemes)).toContain(scheme);
    }
  }
  for (const [, target] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) expect(target).toBe("#/components/schemas/Error");
});

test("inputs are described as they come, replies as they go", async () => {
  await start();
  const { paths } = await read();
  expect(paths["/v0/management/debug"]?.put?.requestBody).toEqual({ required: true, content: { "application/json": { schema: { type: "object", properties: { value: { type: "boolean" } }, required: ["value"] } } } });
  expect(paths["/v0/management/config.yaml"]?.put?.requestBody?.content).toHaveProperty("application/yaml");
  const summary = paths["/v0/management/usage/summary"]?.get?.parameters?.find(({ name }) => name === "groupBy");
  expect(summary).toMatchObject({ in: "query", required: false, schema: { type: "string" } });
});

test("the page for people has no script and takes nothing from elsewhere", async () => {
  await start();
  const { text, headers } = await office.call("GET", "//openapi", { key: null });
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  const nonce = /nonce-(\w+)/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "none";
  expect(headers.get("content-security-policy")).toStartWith("default-src 'none'; style-src 'nonce-");
  expect(text).toContain(`<style nonce="${nonce}">`);
  expect(text).not.toMatch(/<script|https?:\/\/|javascript:/);
  for (const { operation } of DESKS) expect(text).toContain(`id="${operation.id}"`);
});

test("what describes the API is there when the API is", async () => {
  await start({ config: "discovery: { environment: false, local: false }\n" });
  for (const path of ["//openapi.json", "//openapi"]) expect((await office.call("GET", path, { key: MANAGEMENT_KEY })).status).toBe(404);
});
