import type { AccountEnd, JsonObject } from "@dragoman/core";
import type { UpstreamFetch } from "../ports.ts";
import type { AccountFacts, AccountKind } from "./account-kind.ts";
import type { KindSettings } from "./kind-settings.ts";
import { missingSetting } from "./missing-setting.ts";
import type { QuotaWindow } from "./quota.ts";

/** Why an account takes part in nothing, or that it does. */
export type AccountState =
  | { readonly type: "ready" }
  /** Switched off in its file. */
  | { readonly type: "disabled" }
  /** Its kind has `terms`, which the operator has not agreed to. */
  | { readonly type: "not-allowed" }
  /** A setting that its kind needs to renew tokens is missing. Its token is used as long as it lasts. */
  | { readonly type: "not-configured"; readonly message: string }
  | { readonly type: "broken"; readonly message: string }
  /** The token is over and there is nothing to renew it with. */
  | { readonly type: "expired" }
  | { readonly type: AccountEnd; readonly message: string; readonly since: number };

/** One stored login, and how it fares. What changes is told to the pool by whoever changes it. */
export class Account {
  /** Name of its file, or of what stands in its place; unique. */
  readonly file: string;
  readonly kind: AccountKind;
  readonly settings: KindSettings;
  #content: JsonObject;
  #facts: AccountFacts;
  #revision = 0;
  /** Set when the vendor said that it is over; cleared by a changed file or a person. */
  end: { readonly type: AccountEnd; readonly message: string; readonly since: number } | undefined;
  /** What went wrong when the token was last renewed; absent after a success. */
  renewalTrouble: string | undefined;
  /** Epoch ms before which no renewal is tried by itself. */
  quietUntilAt = 0;
  /** Epoch ms before which a token that was just renewed is not renewed again by itself. */
  renewAgainFrom = 0;
  /** It stands in no file and is never written: a socket, a variable of the environment. */
  readonly isPassing: boolean;
  /** In place of the network. */
  readonly carry: UpstreamFetch | undefined;
  readonly quotas = new Map<string, QuotaWindow & { readonly toldAt: number }>();

  constructor(parts: { readonly file: string; readonly kind: AccountKind; readonly settings: KindSettings; readonly content: JsonObject; readonly isPassing?: boolean; readonly carry?: UpstreamFetch | undefined }) {
    this.file = parts.file;
    this.kind = parts.kind;
    this.settings = parts.settings;
    this.isPassing = parts.isPassing ?? false;
    this.carry = parts.carry;
    this.#content = parts.content;
    this.#facts = parts.kind.read(parts.content, parts.settings);
  }

  get content(): JsonObject {
    return this.#content;
  }

  get facts(): AccountFacts {
    return this.#facts;
  }

  /** Counts contents. */
  get revision(): number {
    return this.#revision;
  }

  /** Another content of the same file: a renewed token, an edited field. */
  replace(content: JsonObject): void {
    this.#revision += 1;
    this.#content = content;
    this.#facts = this.kind.read(content, this.settings);
  }

  /** What the vendor said about its quotas. `now` is epoch ms. */
  noteQuotas(quotas: readonly QuotaWindow[], now: number): void {
    for (const quota of quotas) this.quotas.set(`${quota.name}\n${quota.model ?? ""}`, { ...quota, toldAt: now });
  }

  /** @param isAllowed whether the operator has agreed to the kind's `terms`, if it has any */
  state(now: number, isAllowed: boolean): AccountState {
    const { facts, content } = this;
    if (content.disabled === true) return { type: "disabled" };
    if (!isAllowed) return { type: "not-allowed" };
    if (facts.trouble !== undefined) return { type: "broken", message: facts.trouble };
    if (this.end !== undefined) return this.end;
    const isOver = facts.expiresAt !== undefined && facts.expiresAt <= now;
    if (isOver && !this.canRenew) return { type: "expired" };
    const missing = isOver ? this.missingSetting : undefined;
    return missing === undefined ? { type: "ready" } : { type: "not-configured", message: missing };
  }

  /** Whether there is anything to get a new token with. */
  get canRenew(): boolean {
    return this.kind.renew !== undefined && (this.#facts.refreshToken !== undefined || this.#facts.canRenew === true);
  }

  /** What the operator has to set before tokens of this kind can be renewed. */
  get missingSetting(): string | undefined {
    const missing = missingSetting(this.kind, this.settings, this.#facts);
    return missing === undefined ? undefined : `accounts.kinds.${this.kind.name}.${missing.key} is not set: ${missing.where}`;
  }
}
