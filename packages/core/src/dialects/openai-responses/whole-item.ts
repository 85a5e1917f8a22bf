import { isJsonObject, type CompactionPart, type ImagePart, type JsonObject, type Part, type ServerToolCallPart, type ServerToolResultPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { fromOwnWire, VENDOR } from "./dialect-id.ts";
import { itemId, type OutputScope } from "./item-writer.ts";
import { encodeServerItem, SERVER_ID_PREFIX } from "./server-items.ts";

/** What the vendor tells of its tools' progress. */
const PROGRESS: ReadonlyMap<string, readonly string[]> = new Map([
  ["web_search_call", ["in_progress", "searching", "completed"]],
  ["file_search_call", ["in_progress", "searching", "completed"]],
  ["code_interpreter_call", ["in_progress", "interpreting", "completed"]],
  ["image_generation_call", ["in_progress", "generating", "completed"]],
  ["mcp_call", ["in_progress", "completed"]],
]);

/** Writes an item that has no deltas. */
export function writeWholeItem(item: JsonObject, scope: OutputScope): void {
  const index = scope.add(item.status === undefined ? item : { ...item, status: "in_progress" });
  const type = String(item.type);
  for (const step of PROGRESS.get(type) ?? []) scope.frames.event(`response.${type}.${step}`, `"item_id":${JSON.stringify(item.id)},"output_index":${index}`);
  scope.done(item, index);
}

function sourceOf(part: Part): JsonObject | undefined {
  const source = fromOwnWire(part.wire);
  return isJsonObject(source) ? source : undefined;
}

export function serverItem(call: ServerToolCallPart, result: ServerToolResultPart | undefined, exchange: Exchange): JsonObject | undefined {
  const source = sourceOf(call);
  if (source !== undefined) return source;
  const item = encodeServerItem(call, result);
  if (item === undefined) return undefined;
  return { id: exchange.newId(SERVER_ID_PREFIX[String(item.type)] ?? "item_"), ...item, status: result?.error === undefined ? "completed" : "failed" };
}

function imageItem(part: ImagePart, exchange: Exchange): JsonObject | undefined {
  if (part.source.type !== "base64") return undefined;
  const format = part.source.mimeType.split("/")[1] ?? "png";
  return { id: exchange.newId("ig_"), type: "image_generation_call", status: "completed", result: part.source.data, output_format: format };
}

/** Another vendor's digest travels sealed, so that it is opened only for that vendor again. */
function compactionItem(part: CompactionPart, exchange: Exchange): JsonObject | undefined {
  const value = part.encrypted ?? part.text;
  if (value === undefined) return undefined;
  const vendor = part.encrypted === undefined ? "other" : part.vendor;
  const encrypted_content = exchange.sealer.close({ vendor, form: "encrypted-content", value, bindsTo: "self" }, VENDOR);
  return { id: itemId(part.id, "cmp_", exchange), type: "compaction", encrypted_content };
}

/** The item of a part that is an item by itself; `undefined` when there is none. */
export function wholeItem(part: Part, exchange: Exchange): JsonObject | undefined {
  const source = sourceOf(part);
  if (source !== undefined) return source;
  if (part.kind === "image") return imageItem(part, exchange);
  return part.kind === "compaction" ? compactionItem(part, exchange) : undefined;
}
