import { isJsonObject, type FunctionTool, type Json, type JsonObject, type ServerTool, type ServerToolFamily, type Tool, type ToolChoice } from "../../canonical/index.ts";
import { toJsonSchema } from "../../schema/index.ts";
import { optionalArray, readArray, readObject, readString } from "../../wire/read.ts";
import { present } from "../../wire/present.ts";
import { listAt, stringAt } from "./members.ts";
import { DIALECT_ID } from "./wire.ts";

const FAMILY_OF_FIELD: Readonly<Record<string, ServerToolFamily>> = {
  googleSearch: "web-search", googleSearchRetrieval: "web-search", enterpriseWebSearch: "web-search",
  urlContext: "web-fetch", codeExecution: "code-execution", googleMaps: "maps", fileSearch: "file-search", retrieval: "file-search",
  computerUse: "computer", mcpServers: "mcp",
};

/** A tool object may hold declarations and several of Google's own tools at once; each becomes a tool of its own. */
export function decodeTools(tools: Json | undefined, path: string): readonly Tool[] {
  if (tools === undefined || tools === null) return [];
  return readArray(tools, path).flatMap((tool, index) => decodeToolObject(readObject(tool, `${path}[${index}]`), `${path}[${index}]`));
}

function decodeToolObject(tool: JsonObject, path: string): Tool[] {
  return Object.keys(tool).flatMap((field): Tool[] => {
    const at = `${path}.${field}`;
    if (field === "functionDeclarations") return (optionalArray(tool, field, path) ?? []).map((entry, index) => decodeDeclaration(entry, `${at}[${index}]`));
    if (field === "mcpServers") return (optionalArray(tool, field, path) ?? []).map((server, index) => serverTool(field, readObject(server, `${at}[${index}]`), `${at}[${index}]`));
    const config = tool[field];
    return isJsonObject(config) ? [serverTool(field, config, at)] : [];
  });
}

function decodeDeclaration(entry: Json, path: string): FunctionTool {
  const declaration = readObject(entry, path);
  const { parameters, parametersJsonSchema } = declaration;
  return present<FunctionTool>({
    kind: "function",
    name: readString(declaration.name, `${path}.name`),
    description: stringAt(declaration, "description"),
    schema: parametersJsonSchema ?? (parameters === undefined || parameters === null ? undefined : toJsonSchema(parameters)),
    wire: { dialect: DIALECT_ID, value: declaration },
    path,
  });
}

function serverTool(field: string, config: JsonObject, path: string): ServerTool {
  const blocked = listAt(config, "excludeDomains").filter((domain) => typeof domain === "string");
  return present<ServerTool>({
    kind: "server",
    family: FAMILY_OF_FIELD[field] ?? "other",
    name: field === "mcpServers" ? (stringAt(config, "name") ?? field) : field,
    type: field,
    webSearch: blocked.length === 0 ? undefined : { blockedDomains: blocked },
    config,
    wire: { dialect: DIALECT_ID, value: config },
    path,
  });
}

export function decodeToolChoice(toolConfig: Json | undefined): ToolChoice | undefined {
  const calling = isJsonObject(toolConfig) ? toolConfig.functionCallingConfig : undefined;
  if (!isJsonObject(calling)) return undefined;
  const names = listAt(calling, "allowedFunctionNames").filter((name) => typeof name === "string");
  switch (stringAt(calling, "mode")?.toUpperCase()) {
    case "AUTO":
      return { mode: "auto" };
    case "NONE":
      return { mode: "none" };
    case "ANY":
      return choiceAmong(names);
    case "VALIDATED":
      return names.length === 0 ? { mode: "validated" } : { mode: "validated", names };
    default:
      return undefined;
  }
}

function choiceAmong(names: readonly string[]): ToolChoice {
  const [only] = names;
  if (only === undefined) return { mode: "required" };
  return names.length === 1 ? { mode: "tool", name: only, variant: "function" } : { mode: "allowed", allowedMode: "required", names };
}
