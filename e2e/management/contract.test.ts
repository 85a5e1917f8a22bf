// What every operation promises, made from its declaration: who may come in, which verbs, what is refused, what is answered.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Operation } from "../../packages/gateway/src/management/contract/operation.ts";
import { DESKS } from "../../packages/gateway/src/management/desks.ts";
import { describedOperations } from "../../packages/gateway/src/management/openapi-desks.ts";
import { startOffice, type Answer, type RunningOffice } from "../kit/office.ts";

const OPERATIONS = describedOperations(DESKS);
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

let office: RunningOffice;
beforeAll(async () => { office = await startOffice({ more: "codex-api-key: [{ api-key: sk-test, models: [{ name: m }] }]\n", ports: { fetch: () => Promise.reject(new Error("nobody calls the world here")) } }); });
afterAll(() => office.close());

/** The path with something in the place of its variable parts. */
const filled = ({ path }: Operation): string => path.replaceAll(/\{\w+\}/g, "1");
const call = (operation: Operation, method: string, options: Parameters<RunningOffice["call"]>[2] = {}): Promise<Answer> => office.call(method, `/${filled(operation)}`, options);
const fault = ({ faultMember = "error" }: Operation, text: string): unknown => ({ [faultMember]: text });
const named = (operations: readonly Operation[]): readonly (readonly [string, Operation])[] => operations.map((operation) => [`${operation.method} ${operation.path}`, operation]);

test("operations have names and places of their own", () => {
  expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
  expect(new Set(OPERATIONS.map(({ method, path }) => `${method} ${path}`)).size).toBe(OPERATIONS.length);
  for (const { id } of OPERATIONS) expect(id).toMatch(/^[a-zA-Z][a-zA-Z0-9]*$/);
});

describe("without a key", () => {
  test.each(named(OPERATIONS.filter(({ auth }) => auth === "management")))("%s", async (_, operation) => {
    const answer = await call(operation, operation.method, { key: null });
    expect([answer.status, answer.body]).toEqual([401, fault(operation, "missing management key")]);
    expect((await call(operation, operation.method, { key: "wrong" })).body).toEqual(fault(operation, "invalid management key"));
  });

  test.each(named(OPERATIONS.filter(({ auth }) => auth === "client")))("%s", async (_, operation) => {
    expect((await call(operation, operation.method, { key: null })).status).toBe(401);
    expect((await call(operation, operation.method, { key: "wrong" })).status).toBe(401);
  });
});

describe("by another verb", () => {
  const paths = [...new Set(OPERATIONS.map(({ path }) => path))];
  test.each(paths)("%s", async (path) => {
    const taken = OPERATIONS.filter((operation) => filled(operation) === path.replaceAll(/\{\w+\}/g, "1") || operation.path === path);
    const [first] = taken;
    const other = METHODS.find((method) => !taken.some((operation) => operation.method === method));
    if (first === undefined || other === undefined) return;
    const answer = await call(first, other);
    expect(answer.status).toBe(405);
    for (const { method, path: own } of taken) if (own === path) expect(answer.headers.get("allow")?.split(", ")).toContain(method);
  });
});

describe("with a body that cannot be", () => {
  const bodies = ["{", "[[]]", '{"no-such-field-anywhere": {"a": []}}', "null"];
  const fits = (operation: Operation, text: string): boolean => {
    try {
      return operation.body?.safeParse(JSON.parse(text)).success ?? true;
    } catch {
      return false;
    }
  };
  test.each(named(OPERATIONS.filter(({ body, bodyType }) => body !== undefined && bodyType === undefined)))("%s", async (_, operation) => {
    for (const body of bodies.filter((text) => !fits(operation, text))) {
      const answer = await call(operation, operation.method, { body, key: operation.auth === "client" ? "client-key-for-tests" : undefined, headers: { "x-dragoman-session": "1" } } as never);
      expect({ body, status: answer.status }).toEqual({ body, status: 400 });
      if (operation.invalidBody !== undefined) expect(answer.body).toEqual(fault(operation, operation.invalidBody));
    }
  });
});

describe("a good reply is what was promised", () => {
  const readable = OPERATIONS.filter(({ method, params, query, auth, reply }) => method === "GET" && params === undefined && auth !== "client" && reply !== undefined && (query === undefined || query.safeParse({}).success));
  test.each(named(readable))("%s", async (_, operation) => {
    const answer = await call(operation, "GET");
    if (answer.status !== (operation.status ?? 200)) {
      expect(Object.keys(operation.failures ?? {}).map(Number)).toContain(answer.status);
      return;
    }
    const checked = operation.reply?.safeParse(answer.body);
    expect(checked?.error?.issues ?? []).toEqual([]);
  });
});
