// What whole and streamed replies have in common: the client's habits, and the nodes that both write.
import { isJsonObject, type ImagePart, type Json, type JsonObject, type Part, type Seal } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { toDataUrl } from "../../wire/data-url.ts";
import { CHAT } from "./identity.ts";

export interface ReplyHabits {
  /** The client declared `functions` and waits for `function_call`, which holds one call. */
  readonly legacyCalls: boolean;
  /** Free-text calls as `custom`, or as functions with one argument `input`. */
  readonly customAs: "custom" | "function";
  readonly showsReasoning: boolean;
}

export function replyHabits({ request, client }: Exchange): ReplyHabits {
  const wire = request.dialect === CHAT ? request.wire : undefined;
  return {
    legacyCalls: wire?.functions !== undefined && wire.tools === undefined,
    customAs: client.customCallsAs ?? (request.tools.some(({ kind }) => kind === "custom") ? "custom" : "function"),
    showsReasoning: request.reasoning?.visibility !== "none",
  };
}

/** Epoch seconds, and never 0: some clients sort by it. */
export function createdAt(answered: number | undefined, exchange: Exchange): number {
  return answered || Math.floor(exchange.now / 1000);
}

/**
 * A Google seal travels on the call, where Google's own compatible endpoint puts it: clients that keep whole messages
 * send it back. Others have no place here; they are remembered under the call's id.
 */
export function sealMembers(seal: Seal | undefined, exchange: Exchange): JsonObject {
  if (seal?.vendor !== "google") return {};
  return { extra_content: { google: { thought_signature: exchange.sealer.close(seal, "google") } } };
}

/** Images that a model made, as OpenRouter and Google's compatible endpoint tell them. */
export function imageNode(part: ImagePart, index: number): JsonObject | undefined {
  const { source } = part;
  const url = source.type === "base64" ? toDataUrl(source.mimeType, source.data) : source.type === "url" ? source.url : undefined;
  return url === undefined ? undefined : { type: "image_url", image_url: { url }, index };
}

/** Token probabilities of OpenAI's form; those of others mean nothing to a client. */
export function tokenLogprobs(value: Json | undefined): readonly Json[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first] = value as readonly Json[];
  return isJsonObject(first) && typeof first.token === "string" && typeof first.logprob === "number" ? (value as readonly Json[]) : undefined;
}

/** Parts that a chat message has no place for. */
export function reportUntold(part: Part, candidate: number, exchange: Exchange): void {
  const detail = part.kind === "server-tool-call" || part.kind === "server-tool-result" ? `${part.kind} (${part.family})` : part.kind === "opaque" ? part.type : part.kind;
  exchange.report({ code: "unsupported-part", path: `choices[${candidate}].message`, action: "dropped", detail });
}

export function reportCitation(candidate: number, type: string, exchange: Exchange): void {
  exchange.report({ code: "citation", path: `choices[${candidate}].message.annotations`, action: "dropped", detail: `a citation of a ${type}` });
}
