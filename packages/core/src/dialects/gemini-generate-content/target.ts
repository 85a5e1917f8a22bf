import { invalidRequest } from "../../errors/index.ts";
import type { WireInput } from "../dialect.ts";

/** What the path of a request says: `/v1beta/models/{model}:{verb}`. */
export interface Target {
  /** `/v1beta` or `/v1`, also Vertex's `/v1/projects/…/publishers/google`. */
  readonly prefix: string;
  readonly model: string;
  readonly verb: string;
}

const TARGET = /^(\/[^/]+(?:\/projects\/[^/]+\/locations\/[^/]+)?(?:\/publishers\/[^/]+)?)\/(.+):([A-Za-z]+)$/;

export function readTarget(path: string): Target {
  const [, prefix, model, verb] = TARGET.exec(path) ?? [];
  if (prefix === undefined || model === undefined || verb === undefined) throw invalidRequest("", `the path must be like /v1beta/models/{model}:generateContent, got ${path}`);
  return { prefix, model: bareModel(decode(model)), verb };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Tuned models have a collection of their own, which is part of their name. */
export function bareModel(model: string): string {
  return model.startsWith("models/") ? model.slice("models/".length) : model;
}

/** The model as a path: `models/{model}`, slashes kept. */
export function modelPath(model: string): string {
  const full = model.startsWith("tunedModels/") ? model : `models/${bareModel(model)}`;
  return full.split("/").map(encodeURIComponent).join("/");
}

export function isStreaming(verb: string): boolean {
  return verb === "streamGenerateContent";
}

/** Without `alt=sse` a stream is one JSON list, written element by element. */
export function framingOf(input: Pick<WireInput, "query">, streaming: boolean): "sse" | "json-array" {
  const alt = input.query.get("alt") ?? input.query.get("$alt");
  return streaming && alt !== "sse" ? "json-array" : "sse";
}
