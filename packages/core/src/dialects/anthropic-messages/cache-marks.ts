import { isJsonObject, type Json, type MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";

/** The API's limit for one request; a top-level mark takes one of them. */
const MAX_MARKS = 4;

/**
 * Brings the cache marks of a finished body within the API's limits: at most four, and none of an hour after one of
 * five minutes. The earliest marks of messages go first: a later one covers what stands before it.
 */
export function limitCacheMarks(body: MutableJsonObject, exchange: Exchange): void {
  const tools = marked(body.tools);
  const system = marked(body.system);
  const messages = list(body.messages).flatMap((message) => (isJsonObject(message) ? marked(message.content) : []));
  const excess = tools.length + system.length + messages.length + (isJsonObject(body.cache_control) ? 1 : 0) - MAX_MARKS;
  const removed = new Set([...messages, ...system, ...tools].slice(0, Math.max(0, excess)));
  for (const node of removed) delete node.cache_control;
  if (removed.size > 0) {
    exchange.report({ code: "cache-mark", path: "", action: "dropped", detail: `${removed.size} of the cache marks; the API takes ${MAX_MARKS}` });
  }
  orderLifetimes([...tools, ...system, ...messages].filter((node) => !removed.has(node)), exchange);
}

function orderLifetimes(nodes: readonly MutableJsonObject[], exchange: Exchange): void {
  let short = false;
  for (const node of nodes) {
    const mark = node.cache_control as MutableJsonObject;
    if (mark.ttl !== "1h") {
      short = true;
    } else if (short) {
      node.cache_control = { type: "ephemeral" };
      exchange.report({ code: "cache-lifetime", path: "", action: "converted", detail: "an hour cannot follow five minutes" });
    }
  }
}

/** The nodes that carry a mark, in order, also inside tool results. */
function marked(nodes: Json | undefined): MutableJsonObject[] {
  return list(nodes).flatMap((node) => {
    if (!isJsonObject(node)) return [];
    const inside = marked(node.content);
    return isJsonObject(node.cache_control) ? [...inside, node as MutableJsonObject] : inside;
  });
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
