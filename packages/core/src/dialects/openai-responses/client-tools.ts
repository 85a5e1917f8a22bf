// Tools whose schema only OpenAI knows but which the client itself runs. Other vendors see them as plain functions.
import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";

export interface ClientTool {
  /** `type` words that declare it. */
  readonly toolTypes: readonly string[];
  readonly callType: string;
  readonly outputType: string;
  /** As a function for others. */
  readonly name: string;
  readonly description: string;
  readonly schema: JsonObject;
  /** What a call item asks for, as arguments. */
  argumentsOf(item: JsonObject): JsonObject;
  /** The same way back: members of a call item. */
  callFields(args: JsonObject): JsonObject;
}

const string = { type: "string" };
const strings = { type: "array", items: string };
const integer = { type: "integer" };

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

const LOCAL_SHELL: ClientTool = {
  toolTypes: ["local_shell"],
  callType: "local_shell_call",
  outputType: "local_shell_call_output",
  name: "local_shell",
  description: "Runs a command on the user's machine.",
  schema: {
    type: "object",
    properties: { command: strings, env: { type: "object", additionalProperties: string }, timeout_ms: integer, user: string, working_directory: string },
    required: ["command"],
  },
  argumentsOf: (item) => {
    const { type: _type, ...args } = object(item.action);
    return args;
  },
  callFields: (args) => ({ action: { type: "exec", env: {}, ...args } }),
};

const SHELL: ClientTool = {
  toolTypes: ["shell"],
  callType: "shell_call",
  outputType: "shell_call_output",
  name: "shell",
  description: "Runs shell commands, each on its own, and returns their output.",
  schema: { type: "object", properties: { commands: strings, timeout_ms: integer, max_output_length: integer }, required: ["commands"] },
  argumentsOf: (item) => object(item.action),
  callFields: (args) => ({ action: { timeout_ms: null, max_output_length: null, ...args }, environment: null }),
};

const APPLY_PATCH: ClientTool = {
  toolTypes: ["apply_patch"],
  callType: "apply_patch_call",
  outputType: "apply_patch_call_output",
  name: "apply_patch",
  description: "Creates, updates or deletes one file. `diff` is in V4A diff form; a deletion has none.",
  schema: {
    type: "object",
    properties: { type: { type: "string", enum: ["create_file", "update_file", "delete_file"] }, path: string, diff: string },
    required: ["type", "path"],
  },
  argumentsOf: (item) => object(item.operation),
  callFields: (args) => ({ operation: args }),
};

const COMPUTER: ClientTool = {
  toolTypes: ["computer", "computer_use_preview", "computer_use"],
  callType: "computer_call",
  outputType: "computer_call_output",
  name: "computer",
  description: "Acts on the screen (click, double_click, drag, keypress, move, screenshot, scroll, type, wait) and returns a screenshot.",
  schema: {
    type: "object",
    properties: {
      action: {
        type: "object",
        properties: { type: string, x: integer, y: integer, button: string, text: string, keys: strings, scroll_x: integer, scroll_y: integer },
        required: ["type"],
      },
    },
    required: ["action"],
  },
  argumentsOf: (item) => (item.action === undefined ? { actions: item.actions ?? [] } : { action: item.action }),
  callFields: (args) => ({ ...args, pending_safety_checks: [] }),
};

export const CLIENT_TOOLS: readonly ClientTool[] = [LOCAL_SHELL, SHELL, APPLY_PATCH, COMPUTER];

const BY_TOOL = new Map(CLIENT_TOOLS.flatMap((tool) => tool.toolTypes.map((type) => [type, tool] as const)));
const BY_CALL = new Map(CLIENT_TOOLS.map((tool) => [tool.callType, tool] as const));
const BY_OUTPUT = new Map(CLIENT_TOOLS.map((tool) => [tool.outputType, tool] as const));

/** The row of a tool declaration, unless the vendor runs it: a shell may also live in the vendor's container. */
export function clientToolOf(declaration: JsonObject): ClientTool | undefined {
  const environment = isJsonObject(declaration.environment) ? declaration.environment.type : undefined;
  if (environment !== undefined && environment !== "local") return undefined;
  return typeof declaration.type === "string" ? BY_TOOL.get(declaration.type) : undefined;
}

export function clientToolOfCall(itemType: string): ClientTool | undefined {
  return BY_CALL.get(itemType);
}

export function clientToolOfOutput(itemType: string): ClientTool | undefined {
  return BY_OUTPUT.get(itemType);
}
