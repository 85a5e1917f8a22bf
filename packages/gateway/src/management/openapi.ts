import { z } from "zod";
import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { VERSION } from "../version.ts";
import type { Operation } from "./contract/operation.ts";

const JSON_TYPE = "application/json";
const ERROR: JsonObject = { $ref: "#/components/schemas/Error" };

const SECURITY: Readonly<Record<Operation["auth"], Json>> = {
  management: [{ managementKey: [] }, { managementHeader: [] }, { session: [] }],
  client: [{ clientKey: [] }],
  open: [],
};

const GUARD_FAILURES: Readonly<Record<Operation["auth"], Readonly<Record<number, string>>>> = {
  management: { 401: "the key or session is missing or wrong", 403: "this caller may not come in" },
  client: { 401: "the client key is missing or wrong" },
  open: {},
};

/** The operations as an OpenAPI 3.1 document. */
export function openApiDocument(operations: readonly Operation[]): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method.toLowerCase()] = described(operation);
  return {
    openapi: "3.1.0",
    info: { title: "Dragoman management API", version: VERSION, description: "The control plane of a Dragoman gateway. Requests of models are not part of it: they follow the vendors' own descriptions." },
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: { type: "object", properties: { error: { type: "string" }, message: { type: "string" }, path: { type: "string", description: "Where the fault is." } }, required: ["error"] } },
      securitySchemes: {
        managementKey: { type: "http", scheme: "bearer", description: "The management key." },
        managementHeader: { type: "apiKey", in: "header", name: "X-Management-Key" },
        session: { type: "apiKey", in: "cookie", name: "dragoman_session", description: "Of the web page. Requests that change something also carry `x-dragoman-session: 1`." },
        clientKey: { type: "http", scheme: "bearer", description: "A client's key." },
      },
    },
  };
}

function described(operation: Operation): JsonObject {
  const parameters = [...parametersOf(operation.params, "path"), ...parametersOf(operation.query, "query")];
  return {
    operationId: operation.id, tags: [operation.tag], summary: operation.summary,
    ...(operation.description !== undefined && { description: operation.description }),
    security: SECURITY[operation.auth],
    ...(parameters.length > 0 && { parameters }),
    ...((operation.body !== undefined || operation.bodyType !== undefined) && { requestBody: bodyOf(operation) }),
    responses: responsesOf(operation),
  };
}

function bodyOf({ body, bodyType = JSON_TYPE }: Operation): JsonObject {
  const schema = body === undefined ? {} : schemaOf(body, "input");
  return { required: body !== undefined && !body.safeParse(undefined).success, content: { [bodyType]: { schema } } };
}

function responsesOf(operation: Operation): JsonObject {
  const takesInput = operation.body !== undefined || operation.query !== undefined || operation.params !== undefined;
  const failures: Record<string, string> = { ...(takesInput && { 400: "the request does not fit" }), ...GUARD_FAILURES[operation.auth], ...operation.failures };
  const type = operation.reply === undefined ? operation.replyType : JSON_TYPE;
  const good = { description: "Done", ...(type !== undefined && { content: { [type]: { schema: operation.reply === undefined ? { type: "string" } : schemaOf(operation.reply, "output") } } }) };
  return {
    [operation.status ?? (type === undefined ? 204 : 200)]: good,
    ...Object.fromEntries(Object.entries(failures).map(([status, description]) => [status, { description: description.charAt(0).toUpperCase() + description.slice(1), content: { [JSON_TYPE]: { schema: ERROR } } }])),
  };
}

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): readonly JsonObject[] {
  if (schema === undefined) return [];
  const { properties, required } = schemaOf(schema, "input");
  const needed = new Set(Array.isArray(required) ? (required as readonly Json[]) : []);
  return Object.entries(isJsonObject(properties) ? properties : {}).map(([name, value]) => {
    const { description, ...type } = isJsonObject(value) ? value : {};
    return { name, in: place, required: place === "path" || needed.has(name), ...(description !== undefined && { description }), schema: type };
  });
}

/** What JSON Schema cannot say of a value is left open, and so is what holds itself. */
export function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _dialect, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", target: "draft-2020-12" }) as JsonObject;
  return isJsonObject($defs) ? (withoutReferences(rest, $defs, []) as JsonObject) : rest;
}

/** A schema stands in the middle of a document, where its references to itself would lead nowhere. */
function withoutReferences(node: Json, definitions: JsonObject, within: readonly string[]): Json {
  if (Array.isArray(node)) return (node as readonly Json[]).map((item) => withoutReferences(item, definitions, within));
  if (!isJsonObject(node)) return node;
  if (typeof node.$ref !== "string") return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, withoutReferences(item ?? null, definitions, within)]));
  const name = node.$ref.slice("#/$defs/".length);
  return within.includes(name) ? {} : withoutReferences(definitions[name] ?? {}, definitions, [...within, name]);
}
