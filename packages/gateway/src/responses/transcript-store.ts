import type { JsonObject } from "@dragoman/core";

/** One step of a conversation that somebody may go on from: what was said, and what came back. */
export interface Transcript {
  readonly id: string;
  /** The step before it, which holds what was said before. */
  readonly previousId?: string;
  /** What the request itself brought. */
  readonly input: readonly JsonObject[];
  /** What was answered; nothing where a conversation only begins. */
  readonly output: readonly JsonObject[];
  /** The reply as the client got it. */
  readonly reply?: JsonObject;
  /** A conversation with a name of its own, as its client knows it; `previousId` is then its latest step. */
  readonly conversation?: JsonObject;
}

/**
 * Where transcripts live. A host may bring a database; then replicas share them and they outlive the process.
 * Everything belongs to one principal: nobody finds what another one said.
 */
export interface TranscriptStore {
  find(principal: string, id: string): Promise<Transcript | undefined>;
  /** An item by its own id, whichever transcript holds it. */
  findItem(principal: string, itemId: string): Promise<JsonObject | undefined>;
  /** Replaces one of the same id. @returns false when it is too large to be kept */
  save(principal: string, transcript: Transcript): Promise<boolean>;
  /** @returns false when there was none */
  remove(principal: string, id: string): Promise<boolean>;
}
