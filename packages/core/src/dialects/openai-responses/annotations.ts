import { isJsonObject, type Citation, type Json, type JsonObject } from "../../canonical/index.ts";

const text = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);

function fileCitation(annotation: JsonObject): Citation {
  const filename = text(annotation.filename);
  const index = number(annotation.index);
  const containerId = text(annotation.container_id);
  const start = number(annotation.start_index);
  const end = number(annotation.end_index);
  return {
    type: "file",
    fileId: text(annotation.file_id) ?? "",
    ...(filename !== undefined && { filename }),
    ...(index !== undefined && { index }),
    ...(containerId !== undefined && { containerId }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}

/** An annotation of an `output_text`; `undefined` for a kind that canonical does not know. */
export function decodeAnnotation(annotation: Json): Citation | undefined {
  if (!isJsonObject(annotation)) return undefined;
  if (annotation.type === "url_citation") {
    const title = text(annotation.title);
    const start = number(annotation.start_index);
    const end = number(annotation.end_index);
    return { type: "url", url: text(annotation.url) ?? "", ...(title !== undefined && { title }), ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
  }
  return text(annotation.file_id) === undefined ? undefined : fileCitation(annotation);
}

/** `undefined` for a citation that has neither an address nor a file to name. */
export function encodeCitation(citation: Citation): JsonObject | undefined {
  switch (citation.type) {
    case "url":
      return { type: "url_citation", url: citation.url, title: citation.title ?? "", start_index: citation.start ?? 0, end_index: citation.end ?? citation.start ?? 0 };
    case "file":
      return encodeFileCitation(citation);
    case "search-result":
      return /^https?:/.test(citation.source)
        ? { type: "url_citation", url: citation.source, title: citation.title ?? "", start_index: 0, end_index: 0 }
        : undefined;
    case "document":
      return citation.fileId === undefined
        ? undefined
        : { type: "file_citation", file_id: citation.fileId, filename: citation.title ?? "", index: citation.index };
  }
}

function encodeFileCitation(citation: Extract<Citation, { type: "file" }>): JsonObject {
  if (citation.containerId !== undefined) {
    return {
      type: "container_file_citation",
      container_id: citation.containerId,
      file_id: citation.fileId,
      filename: citation.filename ?? "",
      start_index: citation.start ?? 0,
      end_index: citation.end ?? 0,
    };
  }
  if (citation.filename === undefined) return { type: "file_path", file_id: citation.fileId, index: citation.index ?? 0 };
  return { type: "file_citation", file_id: citation.fileId, filename: citation.filename, index: citation.index ?? 0 };
}
