import type { ConfigNote } from "../config/findings.ts";
import { asList, type RawObject, isRawObject } from "../config/raw.ts";
import { proxyUrl } from "../config/schema/fields.ts";
import { literal } from "./factory-consent.ts";

/** Where each type of model stands below an address of Factory's. */
const PLACES: Readonly<Record<string, string>> = {
  anthropic: "/api/llm/a/v1/messages",
  openai: "/api/llm/o/v1/responses",
  common: "/api/llm/o/v1/chat/completions",
  google: "/api/llm/g/v1/generate",
};

const TEXTS = ["id", "name", "type", "reasoning", "provider"] as const;

/** Entries that name a model and a known type; the others are noted and left out, as one of them made no other fail there. */
export function modelsOf(models: unknown, notes: ConfigNote[]): readonly RawObject[] {
  return asList(models).flatMap((entry, index) => {
    const model = isRawObject(entry) ? entry : {};
    const type = typeof model.type === "string" ? model.type.toLowerCase() : "";
    if (typeof model.id !== "string" || model.id === "" || !Object.hasOwn(PLACES, type)) {
      notes.push({ kind: "dropped", path: `models[${index}]`, message: `needs an id and a type: ${Object.keys(PLACES).join(", ")}` });
      return [];
    }
    const texts = TEXTS.flatMap((name) => (typeof model[name] === "string" ? [[name, literal(model[name])]] : []));
    return [{ ...(Object.fromEntries(texts) as RawObject), type, ...(model.fast === true && { fast: true }) }];
  });
}

export function redirectsOf(redirects: unknown, notes: ConfigNote[]): RawObject {
  if (!isRawObject(redirects)) return {};
  const pairs = Object.entries(redirects).filter(([from, to]) => {
    const isGood = from !== "" && typeof to === "string" && to.trim() !== "";
    if (!isGood) notes.push({ kind: "dropped", path: `model_redirects.${from}`, message: "needs the name of a model" });
    return isGood;
  });
  return pairs.length === 0 ? {} : { "model-redirects": Object.fromEntries(pairs.map(([from, to]) => [from, literal(String(to))])) };
}

/** As there, an entry without an address is left out; without any, calls go out directly. */
export function proxiesOf(proxies: unknown, notes: ConfigNote[]): RawObject {
  const urls = asList(proxies).flatMap((entry, index) => {
    const url = isRawObject(entry) && typeof entry.url === "string" ? entry.url.trim() : "";
    if (url !== "" && proxyUrl.safeParse(url).success) return [literal(url)];
    notes.push({ kind: "dropped", path: `proxies[${index}]`, message: url === "" ? "has no url" : "its url is no address of a proxy" });
    return [];
  });
  return urls.length === 0 ? {} : { "proxy-urls": urls };
}

/** Its endpoints are whole addresses, one for each type; what differs between people is the part before Factory's own paths. */
export function upstreamOf(endpoints: unknown, notes: ConfigNote[]): RawObject {
  const bases = asList(endpoints).flatMap((entry, index) => {
    const { name, base_url: url } = isRawObject(entry) ? entry : {};
    if (typeof url !== "string" || !URL.canParse(url)) {
      notes.push({ kind: "dropped", path: `endpoint[${index}]`, message: "needs a name and an address as base_url" });
      return [];
    }
    const place = typeof name === "string" ? PLACES[name.toLowerCase()] : undefined;
    if (place !== undefined && url.replace(/\/+$/, "").endsWith(place)) return [url.replace(/\/+$/, "").slice(0, -place.length)];
    notes.push({ kind: "warning", path: `endpoint[${index}]`, message: `of its address only the host counts; the path is ${place ?? "that of Factory's gateway"}` });
    return [new URL(url).origin];
  });
  const [first, ...others] = new Set(bases);
  if (others.length > 0) notes.push({ kind: "warning", path: "endpoint", message: "names several hosts; the first one counts for all" });
  return first === undefined ? {} : { "base-url": literal(first) };
}
