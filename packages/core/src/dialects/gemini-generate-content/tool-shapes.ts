import type { FunctionTool, JsonObject, Tool } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { cleanJsonSlot, cleanProtoSlot, renameProperties, type PropertyNameRules, type RenamedSchema, type SchemaLoss } from "../../schema/index.ts";
import { isOurs } from "./wire.ts";

/** Names of parameters, by the documentation of FunctionDeclaration.parameters (read 2026-11). */
const PROPERTY_NAMES: PropertyNameRules = { char: /[A-Za-z0-9_]/, firstChar: /[A-Za-z_]/, maxLength: 64 };

/** Schemas are cleaned once an exchange: the way out and the way back must agree, and cleaning costs. */
const shapesByExchange = new WeakMap<Exchange, Map<FunctionTool, RenamedSchema>>();

/** The schema of a tool as this upstream takes it, and the way there and back for arguments. */
export function toolShape(tool: FunctionTool, exchange: Exchange, onLoss: SchemaLoss): RenamedSchema {
  let shapes = shapesByExchange.get(exchange);
  if (shapes === undefined) shapesByExchange.set(exchange, (shapes = new Map<FunctionTool, RenamedSchema>()));
  let shape = shapes.get(tool);
  if (shape === undefined) shapes.set(tool, (shape = renameProperties(cleanSchema(tool.schema, exchange, onLoss), PROPERTY_NAMES)));
  return shape;
}

/** Cleans for the slot that this upstream offers. */
export function cleanSchema(schema: FunctionTool["schema"], { capabilities }: Exchange, onLoss: SchemaLoss): JsonObject {
  if (capabilities.protoSchemaOnly !== true) return cleanJsonSlot(schema, onLoss);
  const { flattenUnions = false, placeholderEmptyObject = false, schemaSafe = false, schemaBare = false } = capabilities;
  return cleanProtoSlot(schema, { flattenUnions, placeholderEmptyObject, schemaSafe, schemaBare }, onLoss);
}

/** The declared tool of that name. */
export function findTool(exchange: Exchange, name: string, namespace: string | undefined): Tool | undefined {
  return exchange.request.tools.find((tool) => tool.name === name && (tool.kind === "server" ? namespace === undefined : tool.namespace === namespace));
}

/** How a call's arguments are renamed on their way; `undefined` when they are not. */
export function argumentNames(exchange: Exchange, name: string, namespace: string | undefined): RenamedSchema | undefined {
  const tool = findTool(exchange, name, namespace);
  if (tool?.kind !== "function" || tool.schema === undefined || isOurs(tool.wire?.dialect)) return undefined;
  const shape = toolShape(tool, exchange, () => undefined);
  return shape.renamed ? shape : undefined;
}
