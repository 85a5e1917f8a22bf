import { isJsonObject, type Citation, type Json, type JsonObject, type MutableJsonObject } from "../../canonical/index.ts";
import { present } from "../../wire/present.ts";
import { number, text } from "./loose-values.ts";

type DocumentCitation = Extract<Citation, { type: "document" }>;

const DOCUMENT_UNITS = {
  char_location: { unit: "char", start: "start_char_index", end: "end_char_index" },
  page_location: { unit: "page", start: "start_page_number", end: "end_page_number" },
  content_block_location: { unit: "block", start: "start_block_index", end: "end_block_index" },
} as const;

const DOCUMENT_TYPES = { char: "char_location", page: "page_location", block: "content_block_location" } as const;

export function decodeCitations(value: Json | undefined): readonly Citation[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list = value as readonly Json[];
  const citations = list.flatMap((entry) => (isJsonObject(entry) ? (decodeCitation(entry) ?? []) : []));
  return citations.length === 0 ? undefined : citations;
}

export function decodeCitation(wire: JsonObject): Citation | undefined {
  switch (wire.type) {
    case "char_location":
    case "page_location":
    case "content_block_location":
      return decodeDocument(wire, wire.type);
    case "web_search_result_location":
      return present<Citation>({
        type: "url",
        url: text(wire.url) ?? "",
        title: text(wire.title),
        citedText: text(wire.cited_text),
        encryptedIndex: text(wire.encrypted_index),
      });
    case "search_result_location":
      return present<Citation>({
        type: "search-result",
        index: number(wire.search_result_index) ?? 0,
        source: text(wire.source) ?? "",
        title: text(wire.title),
        citedText: text(wire.cited_text),
        start: number(wire.start_block_index) ?? 0,
        end: number(wire.end_block_index) ?? 0,
      });
    default:
      return undefined;
  }
}

function decodeDocument(wire: JsonObject, type: keyof typeof DOCUMENT_UNITS): Citation {
  const { unit, start, end } = DOCUMENT_UNITS[type];
  return present<DocumentCitation>({
    type: "document",
    index: number(wire.document_index) ?? 0,
    title: text(wire.document_title),
    fileId: text(wire.file_id),
    citedText: text(wire.cited_text),
    unit,
    start: number(wire[start]) ?? 0,
    end: number(wire[end]) ?? 0,
  });
}

/** `undefined` for citations that this dialect has no form for (files of another vendor). */
export function encodeCitation(citation: Citation): MutableJsonObject | undefined {
  switch (citation.type) {
    case "url":
      return {
        type: "web_search_result_location",
        cited_text: citation.citedText ?? "",
        encrypted_index: citation.encryptedIndex ?? "",
        title: citation.title ?? null,
        url: citation.url,
      };
    case "document": {
      const type = DOCUMENT_TYPES[citation.unit];
      const { start, end } = DOCUMENT_UNITS[type];
      return {
        type,
        cited_text: citation.citedText ?? "",
        document_index: citation.index,
        document_title: citation.title ?? null,
        file_id: citation.fileId ?? null,
        [start]: citation.start,
        [end]: citation.end,
      };
    }
    case "search-result":
      return {
        type: "search_result_location",
        cited_text: citation.citedText ?? "",
        search_result_index: citation.index,
        source: citation.source,
        title: citation.title ?? null,
        start_block_index: citation.start,
        end_block_index: citation.end,
      };
    case "file":
      return undefined;
  }
}
