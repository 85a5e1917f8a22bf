import { isJsonObject, type CacheRequest, type Effort, type GenerateRequest, type Identity, type Json, type JsonObject, type OutputRequest, type ReasoningRequest, type Sampling } from "../../canonical/index.ts";
import { join, optionalArray, optionalInteger, optionalNumber, optionalObject, optionalString, readString } from "../../wire/read.ts";
import { present } from "../../wire/present.ts";
import { number, text } from "./loose-values.ts";

/** Everything of a request that is neither messages nor tools. */
export type Settings = Pick<GenerateRequest, "maxOutputTokens" | "stopSequences" | "sampling" | "reasoning" | "output" | "cache" | "identity" | "service" | "residue">;

/** Top-level fields that are read into canonical; all others are residue. */
const KNOWN: ReadonlySet<string> = new Set([
  "model", "messages", "system", "tools", "tool_choice", "stream", "max_tokens", "stop_sequences", "temperature", "top_p",
  "top_k", "thinking", "output_config", "output_format", "cache_control", "metadata", "service_tier", "speed", "inference_geo",
]);

export function decodeSettings(body: JsonObject): Settings {
  return present<Settings>({
    maxOutputTokens: optionalInteger(body, "max_tokens", ""),
    stopSequences: optionalArray(body, "stop_sequences", "")?.map((stop, index) => readString(stop, `stop_sequences[${index}]`)),
    sampling: decodeSampling(body),
    reasoning: decodeReasoning(body),
    output: decodeOutput(body),
    cache: decodeCache(body),
    identity: decodeIdentity(body),
    service: decodeService(body),
    residue: decodeResidue(body),
  });
}

function decodeSampling(body: JsonObject): Sampling {
  return present<Sampling>({
    temperature: optionalNumber(body, "temperature", ""),
    topP: optionalNumber(body, "top_p", ""),
    topK: optionalNumber(body, "top_k", ""),
  });
}

const EFFORTS: ReadonlySet<string> = new Set(["low", "medium", "high", "xhigh", "max"]);

function decodeReasoning(body: JsonObject): ReasoningRequest | undefined {
  const thinking = optionalObject(body, "thinking", "");
  const config = optionalObject(body, "output_config", "");
  const word = text(config?.effort);
  const effort = word !== undefined && EFFORTS.has(word) ? (word as Effort) : undefined;
  if (thinking === undefined) return effort === undefined ? undefined : { mode: "default", effort, from: "body" };
  return present<ReasoningRequest>({ ...decodeThinkingMode(thinking), effort, visibility: decodeDisplay(thinking), from: "body" });
}

/** Anthropic's documented effort for who names none; a vendor without adaptive thinking has to be told it. */
const AUTO = { mode: "auto", defaultEffort: "high" } as const;

function decodeThinkingMode(thinking: JsonObject): Pick<ReasoningRequest, "mode" | "budget" | "defaultEffort"> {
  switch (readString(thinking.type, "thinking.type")) {
    case "disabled":
      return { mode: "off" };
    case "between_tools":
      return { mode: "between-tools" };
    case "enabled": {
      const budget = number(thinking.budget_tokens);
      return budget === undefined || budget < 0 ? AUTO : { mode: "budget", budget };
    }
    default:
      // `adaptive`, and `auto` as some clients spell it.
      return AUTO;
  }
}

/** Who switches thinking on and says nothing of its display gets to see it. */
function decodeDisplay({ display, type }: JsonObject): ReasoningRequest["visibility"] {
  if (display === "summarized" || display === "omitted" || display === "updates") return display;
  return type === "disabled" ? undefined : "auto";
}

/** `output_format` is the older beta spelling of `output_config.format`. */
function decodeOutput(body: JsonObject): OutputRequest | undefined {
  const config = optionalObject(body, "output_config", "");
  const inConfig = config === undefined ? undefined : optionalObject(config, "format", "output_config");
  const format = inConfig ?? optionalObject(body, "output_format", "");
  if (format?.type !== "json_schema") return undefined;
  return { format: { type: "json-schema", schema: format.schema ?? {} } };
}

function decodeCache(body: JsonObject): CacheRequest | undefined {
  return isJsonObject(body.cache_control) ? { auto: true } : undefined;
}

function decodeIdentity(body: JsonObject): Identity | undefined {
  const metadata = optionalObject(body, "metadata", "");
  const userId = metadata === undefined ? undefined : optionalString(metadata, "user_id", "metadata");
  return userId === undefined ? undefined : present<Identity>({ endUserId: userId, sessionId: sessionOf(userId) });
}

/** Claude Code packs the session into the user id: `user_…_account_…_session_<id>`, in newer versions JSON (seen in the field, 2026-05). */
function sessionOf(userId: string): string | undefined {
  const packed = /_session_([A-Za-z0-9-]+)$/.exec(userId)?.[1];
  if (packed !== undefined || !userId.startsWith("{")) return packed;
  try {
    const parsed: unknown = JSON.parse(userId);
    return isJsonObject(parsed) ? text(parsed.session_id) : undefined;
  } catch {
    return undefined;
  }
}

function decodeService(body: JsonObject): GenerateRequest["service"] {
  const service = present({
    tier: optionalString(body, "service_tier", ""),
    speed: optionalString(body, "speed", ""),
    geo: optionalString(body, "inference_geo", ""),
  });
  return Object.keys(service).length === 0 ? undefined : service;
}

/** Fields without a canonical word; a task budget inside `output_config` is one of them, under its dotted name. */
function decodeResidue(body: JsonObject): JsonObject {
  const residue: { [key: string]: Json | undefined } = {};
  for (const key of Object.keys(body)) if (!KNOWN.has(key)) residue[key] = body[key];
  const config = isJsonObject(body.output_config) ? body.output_config : {};
  for (const key of Object.keys(config)) {
    if (key !== "effort" && key !== "format") residue[join("output_config", key)] = config[key];
  }
  return residue;
}
