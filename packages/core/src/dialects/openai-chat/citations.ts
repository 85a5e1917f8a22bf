import { isJsonObject, type Citation, type Json, type JsonObject } from "../../canonical/index.ts";

/** Reads one annotation; offsets count from the start of the message, ours from the start of the part (`from`). */
export function decodeAnnotation(value: Json, from: number): Citation | undefined {
  if (!isJsonObject(value)) return undefined;
  const node = isJsonObject(value.url_citation) ? value.url_citation : value;
  if (typeof node.url !== "string") return undefined;
  return {
    type: "url",
    url: node.url,
    ...(typeof node.title === "string" && { title: node.title }),
    ...(typeof node.start_index === "number" && { start: Math.max(0, node.start_index - from) }),
    ...(typeof node.end_index === "number" && { end: Math.max(0, node.end_index - from) }),
    ...(typeof node.content === "string" && { citedText: node.content }),
  };
}

/** Only addresses can be cited here. `from` is where the part's text begins, `length` how long it is. */
export function encodeAnnotation(citation: Citation, from: number, length: number): JsonObject | undefined {
  if (citation.type !== "url") return undefined;
  return {
    type: "url_citation",
    url_citation: {
      start_index: from + (citation.start ?? 0),
      end_index: from + (citation.end ?? length),
      title: citation.title ?? "",
      url: citation.url,
    },
  };
}
