import type { z } from "zod";
import { GatewayError } from "@dragoman/core";
import { readBody } from "../http/read-body.ts";
import type { Operation } from "./contract/operation.ts";
import { OfficeError } from "./office.ts";

export interface ErrandInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The desk may read what the operation has no schema for; it holds no more than was allowed. */
  readonly request: Request;
}

export interface RawErrand {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  readonly request: Request;
  readonly maxBodyBytes: number;
}

/** What a request asks of an operation, held to the operation's schemas. @throws OfficeError 400, GatewayError 413 */
export async function readErrand({ operation, params, request, maxBodyBytes }: RawErrand): Promise<ErrandInput> {
  return {
    params: validate(operation.params, params, "path"),
    query: validate(operation.query, queryOf(request.url), "query"),
    ...(await readInput(operation, request, maxBodyBytes)),
  };
}

/** The first value of each name. */
function queryOf(url: string): Record<string, string> {
  const at = url.indexOf("?");
  const query: Record<string, string> = {};
  if (at >= 0) for (const [name, value] of new URLSearchParams(url.slice(at))) if (!Object.hasOwn(query, name)) query[name] = value;
  return query;
}

async function readInput(operation: Operation, request: Request, maxBodyBytes: number): Promise<{ readonly body: unknown; readonly request: Request }> {
  const type = operation.bodyType ?? "application/json";
  if (operation.body === undefined || !isText(type)) return { body: undefined, request: await limited(request, maxBodyBytes) };
  const text = await readBody(request, maxBodyBytes);
  const value = operation.bodyType === undefined || type === "application/json" ? parsed(text, operation) : text;
  return { body: validate(operation.body, value, "body", operation.invalidBody), request };
}

const isText = (type: string): boolean => type.startsWith("text/") || /(json|yaml)$/.test(type);

function parsed(text: string, operation: Operation): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OfficeError(400, operation.invalidBody ?? { error: `the body is not valid JSON: ${(error as Error).message}`, in: "body" });
  }
}

/** The same request with a body that is known to be small enough. */
async function limited(request: Request, maxBodyBytes: number): Promise<Request> {
  if (request.body === null) return request;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw new GatewayError("request_too_large", { source: "client", message: `The body is larger than ${maxBodyBytes} bytes.` });
    chunks.push(chunk);
  }
  return new Request(request.url, { method: request.method, headers: request.headers, body: size === 0 ? null : new Blob(chunks), signal: request.signal });
}

/** The first fault is told, with its path. @throws OfficeError 400 */
function validate(schema: z.ZodType | undefined, value: unknown, place: "path" | "query" | "body", wholeText?: string): unknown {
  if (schema === undefined) return undefined;
  const result = safely(schema, value);
  if (result.success) return result.data;
  if (wholeText !== undefined) throw new OfficeError(400, wholeText);
  const [issue] = result.error.issues;
  const path = pathOf(issue);
  throw new OfficeError(400, { error: `${path === "" ? place : path}: ${issue?.message ?? "does not fit"}`, path, in: place });
}

/** Values that are nested deeper than the stack allows are the caller's doing. @throws OfficeError 400 */
function safely(schema: z.ZodType, value: unknown): z.ZodSafeParseResult<unknown> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof RangeError) throw new OfficeError(400, { error: "the body is nested too deeply", in: "body" });
    throw error;
  }
}

function pathOf(issue: z.core.$ZodIssue | undefined): string {
  const steps = [...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])];
  return steps.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`)).join("");
}
