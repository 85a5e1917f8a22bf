import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { z } from "zod";
import type { ConfigTree } from "../../config-path.ts";
import { BASE, defineOperation, ok, type Operation } from "../../contract/operation.ts";
import { ConfigRefused, OfficeError, type Office } from "../../office.ts";

export const OK = { status: "ok" } as const;

type Method = Operation["method"];

/** What the operations of one resource of the configuration have in common. */
export interface ResourceText {
  /** Below the management API: `/debug`. */
  readonly path: string;
  /** Names the resource in sentences: `debug`. */
  readonly noun: string;
}

const ID_OF: Readonly<Record<Method, string>> = { GET: "get", PUT: "put", PATCH: "patch", POST: "post", DELETE: "delete" };
const SUMMARY_OF: Readonly<Record<Method, string>> = { GET: "Shows", PUT: "Replaces", PATCH: "Changes", POST: "Adds to", DELETE: "Takes away from" };

/** An operation on a resource of CLIProxyAPI's interface: its texts, its way of refusing bodies, its reply to changes. */
export function resourceOperation<Query = undefined, Body = undefined, Reply = { status: "ok" }>(
  { path, noun }: ResourceText,
  method: Method,
  parts: { readonly query?: z.ZodType<Query>; readonly body?: z.ZodType<Body>; readonly reply?: z.ZodType<Reply>; readonly failures?: Readonly<Record<number, string>> },
): Operation<undefined, Query, Body, Reply> {
  return defineOperation({
    id: `${ID_OF[method]}${noun.replace(/(^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, _between, letter: string) => letter.toUpperCase())}`,
    tag: "Configuration (CLIProxyAPI)", auth: "management", method, path: `${BASE}${path}`, summary: `${SUMMARY_OF[method]} \`${noun}\``,
    reply: ok as unknown as z.ZodType<Reply>,
    ...(method !== "GET" && { audit: "config.changed", invalidBody: "invalid body" }),
    ...parts,
  });
}

/** `[…]` or `{"items": […]}`; only the bare form may be empty. */
export function listBody<T>(item: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z.union([z.array(item), z.object({ items: z.array(item).min(1) }).transform(({ items }) => items)]) as unknown as z.ZodType<readonly T[]>;
}

/** Anything that is an object. */
export const anyObject: z.ZodType<JsonObject> = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** A change of the file, refused in this interface's words. @throws OfficeError 400, ConfigRefused when the file cannot be written */
export async function changeConfig(office: Office, edit: (tree: ConfigTree, expanded: ConfigTree) => ConfigTree): Promise<typeof OK> {
  try {
    await office.ports.config.change(edit);
  } catch (error) {
    if (!(error instanceof ConfigRefused) || error.kind === "write" || error.kind === "foreign") throw error;
    const [first] = error.problems;
    throw new OfficeError(400, { error: "invalid body", message: error.message, ...(first !== undefined && { path: first.path }) });
  }
  return OK;
}

export function listOf(tree: ConfigTree, key: string): readonly Json[] {
  const value = tree[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function objectsOf(tree: ConfigTree, key: string): readonly JsonObject[] {
  return listOf(tree, key).filter(isJsonObject);
}

/** A number in a query, as a whole number that stands for an item of a list. `undefined`: it does not. */
export function indexIn(text: string | number | null | undefined, length: number): number | undefined {
  const index = typeof text === "string" && /^\s*[+-]?\d+/.test(text) ? Number.parseInt(text, 10) : typeof text === "number" ? text : -1;
  return index >= 0 && index < length ? index : undefined;
}
