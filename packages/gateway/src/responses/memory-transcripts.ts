import type { JsonObject } from "@dragoman/core";
import type { Clock } from "../ports.ts";
import type { Transcript, TranscriptStore } from "./transcript-store.ts";

export interface TranscriptLimits {
  readonly count: number;
  /** Of all transcripts together, as JSON text; characters, which are bytes but for scripts beyond Latin-1. */
  readonly characters: number;
  readonly ttlMs: number;
}

/** OpenAI keeps responses for 30 days (platform.openai.com/docs/guides/conversation-state, read 2026-11). */
const LIMITS: TranscriptLimits = { count: 20_000, characters: 128 * 1_048_576, ttlMs: 30 * 24 * 3_600_000 };

/** One transcript may take this part of the room, so that a huge one does not drive all others out. */
const LARGEST_SHARE = 1 / 4;

interface Entry {
  readonly text: string;
  readonly itemKeys: readonly string[];
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Transcripts as text in memory. When room runs out, those not used for longest go. */
export class MemoryTranscripts implements TranscriptStore {
  readonly #clock: Clock;
  readonly #limits: TranscriptLimits;
  /** The map's order is that of last use. */
  readonly #entries = new Map<string, Entry>();
  /** Item → the entry that holds it. */
  readonly #holders = new Map<string, string>();
  #characters = 0;

  constructor(clock: Clock, limits: TranscriptLimits = LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  async find(principal: string, id: string): Promise<Transcript | undefined> {
    return this.#read(keyOf(principal, id));
  }

  async findItem(principal: string, itemId: string): Promise<JsonObject | undefined> {
    const holder = this.#holders.get(keyOf(principal, itemId));
    const transcript = holder === undefined ? undefined : this.#read(holder);
    return transcript === undefined ? undefined : [...transcript.output, ...transcript.input].find(({ id }) => id === itemId);
  }

  async save(principal: string, transcript: Transcript): Promise<boolean> {
    const key = keyOf(principal, transcript.id);
    const text = JSON.stringify(transcript);
    this.#drop(key);
    if (text.length > this.#limits.characters * LARGEST_SHARE) return false;
    const itemKeys = [...transcript.input, ...transcript.output].flatMap(({ id }) => (typeof id === "string" ? [keyOf(principal, id)] : []));
    this.#entries.set(key, { text, itemKeys, expiresAt: this.#clock.now() + this.#limits.ttlMs });
    for (const itemKey of itemKeys) this.#holders.set(itemKey, key);
    this.#characters += text.length;
    this.#makeRoom();
    return true;
  }

  async remove(principal: string, id: string): Promise<boolean> {
    const key = keyOf(principal, id);
    const known = this.#read(key) !== undefined;
    this.#drop(key);
    return known;
  }

  #read(key: string): Transcript | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt <= this.#clock.now()) {
      this.#drop(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return JSON.parse(entry.text) as Transcript;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#characters -= entry.text.length;
    for (const itemKey of entry.itemKeys) if (this.#holders.get(itemKey) === key) this.#holders.delete(itemKey);
  }

  #makeRoom(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.count && this.#characters <= this.#limits.characters) return;
      this.#drop(key);
    }
  }
}

function keyOf(principal: string, id: string): string {
  return `${principal}\n${id}`;
}
