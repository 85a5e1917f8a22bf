import { GatewayError, type AudioPart, type FilePart, type GenerateRequest, type ImagePart, type Media, type Part, type VideoPart } from "@dragoman/core";
import type { AttemptInput } from "../pipeline/attempt.ts";
import { fetchMedia } from "./fetch-media.ts";

type MediaPart = ImagePart | AudioPart | VideoPart | FilePart;

/** What may stand where; beginnings of MIME types. */
const TYPES: Readonly<Record<MediaPart["kind"], readonly string[]>> = {
  image: ["image/"],
  audio: ["audio/"],
  video: ["video/"],
  file: ["application/pdf", "text/plain", "text/markdown", "text/csv", "text/xml", "application/json", "application/xml", "image/", "audio/", "video/"],
};

/** More addresses than this in one request are refused. */
const MAX_ADDRESSES = 20;

/** What was fetched for a request serves all of its attempts, and its size counts once. */
interface Shelf {
  readonly byUrl: Map<string, Promise<Media>>;
  readonly budget: { bytesLeft: number };
}

const shelves = new WeakMap<GenerateRequest, Shelf>();

/**
 * The request with the data in place of addresses that the upstream's dialect cannot take; the same object when there
 * are none. Nothing is fetched for bytes that pass, or when the operator does not want it.
 * @throws GatewayError with the path of the part that could not be fetched
 */
export async function inlineRemote(input: AttemptInput): Promise<GenerateRequest> {
  const { call, candidate, request } = input;
  const { dialect } = candidate.upstream;
  if (dialect.wantsInline === undefined || dialect.id === call.dialect.id || !call.settings.remoteMedia.fetch) return request;
  const wanted = (part: Part): part is MediaPart => isByAddress(part) && dialect.wantsInline?.(part, candidate.capabilities) === true;
  const parts = request.messages.flatMap((message) => remoteParts(message.parts, wanted));
  if (parts.length === 0) return request;
  const fetched = await fetchAll(input, parts);
  return { ...request, messages: request.messages.map((message) => ({ ...message, parts: replaced(message.parts, wanted, fetched) })) };
}

type IsWanted = (part: Part) => part is MediaPart;

function isByAddress(part: Part): part is MediaPart {
  return part.kind in TYPES && "source" in part && part.source?.type === "url" && /^https?:/i.test(part.source.url);
}

function remoteParts(parts: readonly Part[], wanted: IsWanted): readonly MediaPart[] {
  return parts.flatMap((part) => (part.kind === "tool-result" ? remoteParts(part.content, wanted) : wanted(part) ? [part] : []));
}

async function fetchAll(input: AttemptInput, parts: readonly MediaPart[]): Promise<ReadonlyMap<string, Media>> {
  const shelf = shelfOf(input);
  for (const part of parts) {
    const url = urlOf(part);
    if (shelf.byUrl.has(url)) continue;
    if (shelf.byUrl.size >= MAX_ADDRESSES) throw notFetched(part, `more than ${MAX_ADDRESSES} addresses would have to be fetched; send the data itself`);
    shelf.byUrl.set(url, fetchOne(input, part, shelf.budget));
  }
  const urls = [...new Set(parts.map(urlOf))];
  const media = await Promise.all(urls.map((url) => shelf.byUrl.get(url)));
  return new Map(urls.flatMap((url, index): [string, Media][] => (media[index] === undefined ? [] : [[url, media[index]]])));
}

function shelfOf({ call, request }: AttemptInput): Shelf {
  let shelf = shelves.get(request);
  if (shelf === undefined) {
    shelf = { byUrl: new Map(), budget: { bytesLeft: call.settings.remoteMedia.maxBytes } };
    shelves.set(request, shelf);
  }
  return shelf;
}

async function fetchOne({ call }: AttemptInput, part: MediaPart, budget: Shelf["budget"]): Promise<Media> {
  const result = await fetchMedia({ url: urlOf(part), types: TYPES[part.kind], ports: call.engine.ports, settings: call.settings, budget, signal: call.signal });
  if (!result.ok) throw notFetched(part, `the address ${result.reason}; send the data itself`);
  call.losses.push({ code: "remote-media", path: part.path ?? "messages", action: "converted", detail: "fetched and sent inline" });
  return result.media;
}

function replaced(parts: readonly Part[], wanted: IsWanted, fetched: ReadonlyMap<string, Media>): readonly Part[] {
  return parts.map((part): Part => {
    if (part.kind === "tool-result") return { ...part, content: replaced(part.content, wanted, fetched) };
    const source = wanted(part) ? fetched.get(urlOf(part)) : undefined;
    if (source === undefined) return part;
    const { wire: _address, ...rest } = part;
    return { ...rest, source } as Part;
  });
}

function urlOf({ source }: MediaPart): string {
  return source?.type === "url" ? source.url : "";
}

function notFetched(part: MediaPart, message: string): GatewayError {
  const path = part.path ?? "messages";
  return new GatewayError("unsupported_parameter", { source: "client", path, message: `${path}: ${message}` });
}
