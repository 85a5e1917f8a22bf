import type { GatewayErrorShape } from "./error-shape.ts";
import type { Finish } from "./finish.ts";
import type { Citation } from "./citation.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Part } from "./message.ts";
import type { Seal } from "./seal.ts";
import type { Usage } from "./usage.ts";

/** One step of a part's growth. The kind of the delta fits the kind of the part. */
export type Delta =
  /** text, refusal, or raw reasoning text. */
  | { readonly type: "text"; readonly text: string; readonly logprobs?: Json }
  /** A reasoning summary; `summaryIndex` tells its parts apart. */
  | { readonly type: "summary"; readonly text: string; readonly summaryIndex: number }
  /** Tool call: a piece of the JSON text, or of a custom tool's input. */
  | { readonly type: "arguments"; readonly text: string }
  | { readonly type: "citation"; readonly citation: Citation }
  | { readonly type: "seal"; readonly seal: Seal }
  /** A piece of base64 (audio, partial image). */
  | { readonly type: "media"; readonly data: string; readonly transcript?: string };

/**
 * What a streamed answer consists of. Every decoder guarantees and every encoder may rely on:
 *
 * 1. the first event is `response-start`, the last is `response-end` or `error`; nothing follows;
 * 2. `index` runs 0, 1, 2 … per candidate in the order of `part-start`; each start has exactly one end;
 * 3. parts are serial within a candidate: one is open at a time;
 * 4. exactly one `finish` per candidate, after its last `part-end`;
 * 5. `usage` is cumulative and may come at any time; the last one counts;
 * 6. `part-end.part` is the fold of the start and its deltas.
 */
export type GenerateEvent =
  | { readonly type: "response-start"; readonly id: string; readonly model: string; readonly createdAt?: number; readonly serviceTier?: string }
  /** `part` carries identity (ids, names, kinds) and no content yet, except for parts that come whole. */
  | { readonly type: "part-start"; readonly candidate: number; readonly index: number; readonly part: Part }
  | { readonly type: "part-delta"; readonly candidate: number; readonly index: number; readonly delta: Delta }
  | { readonly type: "part-end"; readonly candidate: number; readonly index: number; readonly part: Part }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "finish"; readonly candidate: number; readonly finish: Finish; readonly logprobs?: Json; readonly grounding?: Json }
  /** Response-level fields that only `dialect` has words for. */
  | { readonly type: "residue"; readonly dialect: string; readonly value: JsonObject }
  | { readonly type: "response-end" }
  | { readonly type: "error"; readonly error: GatewayErrorShape }
  | { readonly type: "ping" };

export type EmitEvent = (event: GenerateEvent) => void;
