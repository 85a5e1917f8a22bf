import { isJsonObject, type GenerateRequest, type Json, type JsonObject, type MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { Dialect, WireInput } from "../dialect.ts";
import { overwrite } from "./encode-config.ts";
import { modelPath, readTarget } from "./target.ts";
import { encodeThinking } from "./thinking.ts";
import { asJson } from "./wire.ts";

type Passthrough = ReturnType<Dialect["passthroughRequest"]>;

/** The client's own path with the upstream's model in it: the body names none. */
export function passthroughRequest(input: WireInput, _request: GenerateRequest, upstreamModel: string): Passthrough {
  const { prefix, verb } = readTarget(input.path);
  return { path: `${prefix}/${modelPath(upstreamModel)}:${verb}`, ...withQuery(input), headers: {}, edits: {} };
}

/** `alt` decides how a stream is framed, so it must reach the upstream. */
export function withQuery({ query }: Pick<WireInput, "query">): Pick<Passthrough, "query"> {
  const alt = query.get("alt") ?? query.get("$alt");
  return alt === null ? {} : { query: { alt } };
}

/** `generationConfig` with the reasoning that was asked for in place of the client's; its word on seeing thoughts stays. */
export function reasoningMembers(body: JsonObject, exchange: Exchange): { readonly [member: string]: Json | undefined } {
  const key = body.generation_config === undefined ? "generationConfig" : "generation_config";
  const config = isJsonObject(body[key]) ? body[key] : {};
  const before = config.thinkingConfig ?? config.thinking_config;
  const shown = isJsonObject(before) ? (before.includeThoughts ?? before.include_thoughts) : undefined;
  const thinking = encodeThinking(exchange.request, exchange);
  const thinkingConfig = thinking === undefined ? undefined : { ...(shown !== undefined && thinking.thinkingBudget !== 0 && { includeThoughts: shown }), ...asJson(thinking) };
  const changed = overwrite(config, { thinkingConfig, thinking_config: undefined });
  return { [key]: Object.keys(changed).length === 0 ? undefined : changed };
}

/** Without the signatures that are doomed, and without the empty parts that only carried one. */
export function withoutSeals(body: JsonObject, doomed: (value: string) => boolean): JsonObject {
  if (!Array.isArray(body.contents)) return body;
  const contents = (body.contents as readonly Json[]).map((content) => contentWithoutSeals(content, doomed));
  return contents.some((content, index) => content !== (body.contents as readonly Json[])[index]) ? { ...body, contents } : body;
}

function contentWithoutSeals(content: Json, doomed: (value: string) => boolean): Json {
  if (!isJsonObject(content) || !Array.isArray(content.parts)) return content;
  const parts = content.parts as readonly Json[];
  const kept = parts.flatMap((part) => partWithoutSeal(part, doomed));
  return kept.length === parts.length && kept.every((part, index) => part === parts[index]) ? content : { ...content, parts: kept };
}

function partWithoutSeal(part: Json, doomed: (value: string) => boolean): readonly Json[] {
  const seal = isJsonObject(part) ? (part.thoughtSignature ?? part.thought_signature) : undefined;
  if (!isJsonObject(part) || typeof seal !== "string" || !doomed(seal)) return [part];
  const rest: MutableJsonObject = { ...part };
  delete rest.thoughtSignature;
  delete rest.thought_signature;
  return rest.text === "" ? [] : [rest];
}
