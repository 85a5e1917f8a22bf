import type { Json, JsonObject } from "./json.ts";
import type { CacheMark, ServerToolFamily, Wire } from "./message.ts";

interface ToolBase {
  readonly wire?: Wire;
  readonly path?: string;
}

export interface FunctionTool extends ToolBase {
  readonly kind: "function";
  readonly name: string;
  readonly namespace?: string;
  readonly description?: string;
  /** JSON Schema of the arguments; Gemini's own Schema form is turned into JSON Schema when it is decoded. */
  readonly schema?: Json;
  /** `null` and absent differ on the wire. */
  readonly strict?: boolean | null;
  readonly deferLoading?: boolean;
  readonly cache?: CacheMark;
}

export interface CustomTool extends ToolBase {
  readonly kind: "custom";
  readonly name: string;
  readonly namespace?: string;
  readonly description?: string;
  /** Absent: any text. */
  readonly grammar?: { readonly syntax: string; readonly definition: string };
  readonly cache?: CacheMark;
}

/** A tool that the vendor runs, or one whose schema only the vendor knows. */
export interface ServerTool extends ToolBase {
  readonly kind: "server";
  readonly family: ServerToolFamily;
  /** The name a tool choice would use, and the vendor's type word, e.g. `web_search_20250305`. */
  readonly name: string;
  readonly type: string;
  readonly webSearch?: WebSearchSettings;
  readonly config: JsonObject;
  readonly cache?: CacheMark;
}

/** What the dialects agree on about searching the web. */
export interface WebSearchSettings {
  readonly maxUses?: number;
  readonly allowedDomains?: readonly string[];
  readonly blockedDomains?: readonly string[];
  readonly contextSize?: string;
  readonly userLocation?: { readonly city?: string; readonly region?: string; readonly country?: string; readonly timezone?: string };
}

export type Tool = FunctionTool | CustomTool | ServerTool;

export type ToolChoice =
  | { readonly mode: "auto" | "none" | "required" }
  | { readonly mode: "tool"; readonly name: string; readonly variant: "function" | "custom" | "server" }
  | { readonly mode: "allowed"; readonly allowedMode: "auto" | "required"; readonly names: readonly string[] }
  /** The model decides, but its calls are checked against the schemas (Gemini `VALIDATED`). */
  | { readonly mode: "validated"; readonly names?: readonly string[] };
