// Where an answer was found: Google tells sources and the stretches of text that rest on them in one object.
import { isJsonObject, type Citation, type Json, type JsonObject, type Part } from "../../canonical/index.ts";
import { present } from "../../wire/present.ts";
import { listAt, numberAt, stringAt } from "./members.ts";
import { toByteOffset, toUnitOffset } from "./segments.ts";
import { asJson, type WireSegment } from "./wire.ts";

type UrlCitation = Extract<Citation, { type: "url" }>;

/** The citations of one text: of the part with that index, or of all of them when `partIndex` is absent. */
export function decodeCitations(grounding: JsonObject, text: string, partIndex?: number): readonly Citation[] {
  const chunks = listAt(grounding, "groundingChunks");
  return listAt(grounding, "groundingSupports").flatMap((support) => {
    if (!isJsonObject(support) || !isJsonObject(support.segment)) return [];
    const { segment } = support;
    if (partIndex !== undefined && (numberAt(segment, "partIndex") ?? 0) !== partIndex) return [];
    return listAt(support, "groundingChunkIndices").flatMap((index) => decodeCitation(chunks[Number(index)], segment, text));
  });
}

function decodeCitation(chunk: Json | undefined, segment: JsonObject, text: string): readonly UrlCitation[] {
  const source = isJsonObject(chunk) ? (chunk.web ?? chunk.maps ?? chunk.retrievedContext) : undefined;
  const url = isJsonObject(source) ? stringAt(source, "uri") : undefined;
  if (!isJsonObject(source) || url === undefined) return [];
  const end = numberAt(segment, "endIndex");
  return [present<UrlCitation>({
    type: "url",
    url,
    title: stringAt(source, "title"),
    start: toUnitOffset(text, numberAt(segment, "startIndex") ?? 0),
    end: end === undefined ? text.length : toUnitOffset(text, end),
    citedText: stringAt(segment, "text"),
  })];
}

interface Cited {
  readonly citation: UrlCitation;
  readonly text: string;
  readonly partIndex: number;
}

/** `groundingMetadata` from the citations of an answer's texts and the searches that were made; nothing without any. */
export function encodeGrounding(parts: readonly Part[]): JsonObject | undefined {
  const cited = parts.flatMap((part, partIndex) => (part.kind === "text" ? citedOf(part.citations ?? [], part.text, partIndex) : []));
  const queries = parts.flatMap((part) => (part.kind === "server-tool-call" && part.family === "web-search" ? searchQueries(part.input) : []));
  if (cited.length === 0 && queries.length === 0) return undefined;
  const urls = [...new Map(cited.map(({ citation }) => [citation.url, citation])).values()];
  return present<JsonObject>({
    webSearchQueries: queries.length === 0 ? undefined : queries,
    groundingChunks: urls.length === 0 ? undefined : urls.map(({ url, title }) => ({ web: present<JsonObject>({ uri: url, title }) })),
    groundingSupports: cited.length === 0 ? undefined : cited.map((entry) => encodeSupport(entry, urls.findIndex(({ url }) => url === entry.citation.url))),
  });
}

function citedOf(citations: readonly Citation[], text: string, partIndex: number): readonly Cited[] {
  return citations.flatMap((citation) => (citation.type === "url" ? [{ citation, text, partIndex }] : []));
}

function encodeSupport({ citation, text, partIndex }: Cited, chunk: number): JsonObject {
  const start = citation.start ?? 0;
  const end = citation.end ?? text.length;
  const segment = present<WireSegment>({
    partIndex: partIndex === 0 ? undefined : partIndex,
    startIndex: start === 0 ? undefined : toByteOffset(text, start),
    endIndex: toByteOffset(text, end),
    text: text.slice(start, end),
  });
  return { segment: asJson(segment), groundingChunkIndices: [chunk] };
}

function searchQueries(input: Json | undefined): readonly string[] {
  if (!isJsonObject(input)) return [];
  const many = listAt(input, "queries").filter((query) => typeof query === "string");
  const query = stringAt(input, "query");
  return many.length > 0 || query === undefined ? many : [query];
}
