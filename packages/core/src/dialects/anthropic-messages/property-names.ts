import type { FunctionTool } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { cleanObjectRoot, renameProperties, type PropertyNameRules, type RenamedSchema } from "../../schema/index.ts";

/** The API refuses other property names in `input_schema` ("should match pattern '^[a-zA-Z0-9_.-]{1,64}$'", seen in the field). */
const RULES: PropertyNameRules = { char: /[a-zA-Z0-9_.-]/, firstChar: /[a-zA-Z0-9_.-]/, maxLength: 64 };

/** Schemas are cleaned once an exchange: the way out and the way back must agree, and cleaning costs. */
const renamedByExchange = new WeakMap<Exchange, Map<string, RenamedSchema>>();

/** The schema of a tool as it goes out, and the way there and back for arguments. */
export function renamedSchema(tool: FunctionTool, exchange: Exchange, onLoss: (keyword: string, path: string) => void): RenamedSchema {
  let byTool = renamedByExchange.get(exchange);
  if (byTool === undefined) {
    byTool = new Map();
    renamedByExchange.set(exchange, byTool);
  }
  const key = `${tool.namespace ?? ""}\n${tool.name}`;
  let renamed = byTool.get(key);
  if (renamed === undefined) {
    renamed = renameProperties(cleanObjectRoot(tool.schema, onLoss), RULES);
    byTool.set(key, renamed);
  }
  return renamed;
}

/** How a tool's arguments are renamed, if they are. */
export function propertyNames(exchange: Exchange, name: string, namespace: string | undefined): RenamedSchema | undefined {
  const tool = exchange.request.tools.find((entry) => entry.kind === "function" && entry.name === name && entry.namespace === namespace);
  if (tool?.kind !== "function") return undefined;
  const renamed = renamedSchema(tool, exchange, () => undefined);
  return renamed.renamed ? renamed : undefined;
}
