import { sha256Hex, type JsonObject } from "@dragoman/core";
import type { Account } from "../accounts/account.ts";
import type { EndsKept } from "../accounts/ends-kept.ts";
import { readKeptState, type CooldownStore, type KeptCooldown, type KeptEnd, type KeptState } from "./cooldown-store.ts";

export interface KeptFortunesOptions {
  readonly store: CooldownStore;
  /** Whether anything is kept; asked anew each time. */
  isOn(): boolean;
}

const NOTHING: KeptState = { version: 1, cooldowns: [], ends: [] };

/** What is remembered of credentials from one run of the program to the next: long pauses, and accounts that are over. */
export class KeptFortunes implements EndsKept {
  readonly #options: KeptFortunesOptions;
  /** Of the last run. */
  readonly cooldowns: readonly KeptCooldown[];
  readonly #ends: ReadonlyMap<string, KeptEnd>;
  readonly #fingerprints = new WeakMap<JsonObject, string>();
  #cooldownsNow: () => readonly KeptCooldown[] = () => this.cooldowns;
  #accountsNow: () => Iterable<Account> = () => [];

  constructor(options: KeptFortunesOptions) {
    this.#options = options;
    const state = (options.isOn() ? readKeptState(options.store.load()) : undefined) ?? NOTHING;
    this.cooldowns = state.cooldowns;
    this.#ends = new Map(state.ends.map((end) => [end.file, end]));
  }

  /** Where to ask how things are now. */
  follow(now: { readonly cooldowns?: () => readonly KeptCooldown[]; readonly accounts?: () => Iterable<Account> }): void {
    this.#cooldownsNow = now.cooldowns ?? this.#cooldownsNow;
    this.#accountsNow = now.accounts ?? this.#accountsNow;
  }

  of(file: string, content: JsonObject): Account["end"] {
    const end = this.#ends.get(file);
    return end === undefined || end.content !== this.#fingerprint(content) ? undefined : { type: end.type, message: end.message, since: end.since };
  }

  changed(): void {
    const { store, isOn } = this.#options;
    if (isOn()) store.changed(() => this.#state());
  }

  #state(): KeptState {
    const ends = [...this.#accountsNow()].flatMap(({ file, end, content, isPassing }): KeptEnd[] =>
      end === undefined || isPassing ? [] : [{ file, type: end.type, message: end.message, since: end.since, content: this.#fingerprint(content) }]);
    return { version: 1, cooldowns: this.#cooldownsNow(), ends };
  }

  #fingerprint(content: JsonObject): string {
    const known = this.#fingerprints.get(content);
    if (known !== undefined) return known;
    const made = sha256Hex(JSON.stringify(content));
    this.#fingerprints.set(content, made);
    return made;
  }
}
