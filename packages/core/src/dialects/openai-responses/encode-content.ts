import type { FilePart, ImagePart, JsonObject, Part } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { toDataUrl } from "../../wire/data-url.ts";
import { DIALECT, VENDOR } from "./dialect-id.ts";

/** What is to be said, in which voice, and how. */
export interface ContentRules {
  readonly exchange: Exchange;
  /** Where breakpoints are refused, marks are left out. */
  readonly breakpoints: boolean;
}

function refuse(part: Part, what: string): GatewayError {
  const path = part.path ?? "";
  return new GatewayError("unsupported_parameter", { message: `${path === "" ? "" : `${path}: `}the Responses API takes no ${what}`, path, source: "client" });
}

function mark(part: Part, rules: ContentRules): { prompt_cache_breakpoint?: JsonObject } {
  if (part.cache === undefined) return {};
  if (rules.breakpoints) return { prompt_cache_breakpoint: { mode: "explicit" } };
  rules.exchange.report({ code: "cache-mark", path: part.path ?? "", action: "dropped" });
  return {};
}

function encodeImage(part: ImagePart, rules: ContentRules): JsonObject {
  const { source } = part;
  const rest = { detail: part.detail ?? "auto", ...mark(part, rules) };
  if (source.type === "base64") return { type: "input_image", image_url: toDataUrl(source.mimeType, source.data), ...rest };
  if (source.type === "url") return { type: "input_image", image_url: source.url, ...rest };
  if (source.type === "file-id" && source.vendor === VENDOR) return { type: "input_image", file_id: source.id, ...rest };
  throw refuse(part, "image of this kind");
}

const EXTENSIONS: Readonly<Record<string, string>> = { "application/pdf": ".pdf", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "application/json": ".json" };

/** The API wants a name beside the data. */
function nameOf(part: FilePart, mimeType: string): string {
  return part.filename ?? part.title ?? `document${Object.hasOwn(EXTENSIONS, mimeType) ? EXTENSIONS[mimeType] : ""}`;
}

function encodeFile(part: FilePart, rules: ContentRules): readonly JsonObject[] {
  const { source } = part;
  const about = part.context === undefined ? [] : [{ type: "input_text", text: part.context }];
  if (source.type === "base64") {
    return [...about, { type: "input_file", filename: nameOf(part, source.mimeType), file_data: toDataUrl(source.mimeType, source.data), ...mark(part, rules) }];
  }
  if (source.type === "url") return [...about, { type: "input_file", file_url: source.url, ...mark(part, rules) }];
  if (source.type === "file-id" && source.vendor === VENDOR) return [...about, { type: "input_file", file_id: source.id, ...mark(part, rules) }];
  if (source.type !== "text") throw refuse(part, "file that another vendor keeps");
  const title = part.title ?? part.filename;
  return [...about, { type: "input_text", text: title === undefined ? source.text : `# ${title}\n\n${source.text}`, ...mark(part, rules) }];
}

function drop(part: Part, rules: ContentRules): readonly JsonObject[] {
  rules.exchange.report({ code: "unsupported-part", path: part.path ?? "", action: "dropped", detail: part.kind === "opaque" ? part.type : part.kind });
  return [];
}

/** One part of a user's or an instruction's message, or of a tool result. */
export function encodeInputPart(part: Part, rules: ContentRules): readonly JsonObject[] {
  switch (part.kind) {
    case "text":
      return part.text === "" ? [] : [{ type: "input_text", text: part.text, ...mark(part, rules) }];
    case "refusal":
      return [{ type: "input_text", text: part.text }];
    case "image":
      return [encodeImage(part, rules)];
    case "file":
      return encodeFile(part, rules);
    case "audio":
    case "video":
      throw refuse(part, part.kind);
    case "opaque":
      if (part.dialect === DIALECT) return [part.value as JsonObject];
      if (part.fallbackText === undefined) return drop(part, rules);
      rules.exchange.report({ code: "unsupported-part", path: part.path ?? "", action: "converted", detail: `${part.type} as text` });
      return [{ type: "input_text", text: part.fallbackText }];
    default:
      return drop(part, rules);
  }
}
