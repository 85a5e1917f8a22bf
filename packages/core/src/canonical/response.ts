import type { Finish } from "./finish.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Part } from "./message.ts";
import type { Usage } from "./usage.ts";

export interface Candidate {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly finish: Finish;
  /** Of the whole answer, in the shape of the dialect that gave them. */
  readonly logprobs?: Json;
  /** What the vendor searched and found, word for word (Gemini `groundingMetadata`). */
  readonly grounding?: Json;
}

/** A whole answer: what a stream of events folds into. */
export interface GenerateResponse {
  readonly id: string;
  /** The model that answered, as the vendor names it. */
  readonly model: string;
  /** Epoch seconds. */
  readonly createdAt?: number;
  readonly candidates: readonly Candidate[];
  readonly usage?: Usage;
  readonly serviceTier?: string;
  /** The vendor refused the prompt itself. */
  readonly promptBlock?: { readonly reason: string; readonly message?: string };
  /** Response-level fields that canonical has no word for, by dialect: `{ "<dialect>": { … } }`. */
  readonly residue?: { readonly [dialect: string]: JsonObject };
}
