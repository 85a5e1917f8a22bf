import type { FailureKind } from "@dragoman/core";
import type { AttemptOutcome } from "../upstream/outcome.ts";
import { beginProbe, cool, freshCooldown, warm, type Cooldown, type CoolingPolicy, type Failure } from "./cooldown.ts";
import { viewCooldown, type CooldownView } from "./cooldown-view.ts";
import type { KeptCooldown } from "./cooldown-store.ts";
import type { Credential } from "./credential.ts";

/** Whoever keeps a list of usable seats is told when one of them changes. */
export interface HealthWatcher {
  healthChanged(member: number): void;
}

interface CredentialHealth extends Cooldown {
  readonly models: Map<string, ModelHealth>;
  /** Requests that it is busy with; counted only where there is a limit. */
  inFlight: number;
  /** Requests that it takes at a time. */
  capacity: number;
}

/** How one credential fares with one model. */
export class ModelHealth {
  readonly state: Cooldown = freshCooldown();
  readonly whole: CredentialHealth;
  readonly watchers: { readonly watcher: HealthWatcher; readonly member: number }[] = [];

  constructor(whole: CredentialHealth) {
    this.whole = whole;
  }

  /** Epoch ms; in the past when it is usable. */
  get blockedUntilAt(): number {
    return Math.max(this.state.coolUntilAt, this.whole.coolUntilAt);
  }

  /** Its credential takes no more requests for now, of any model. */
  get isFull(): boolean {
    return this.whole.inFlight >= this.whole.capacity;
  }

  /** One request more, or one less. Whoever waits for room is told. */
  occupy(change: 1 | -1): void {
    const wasFull = this.isFull;
    this.whole.inFlight += change;
    if (change < 0 || this.isFull !== wasFull) tellAll(this.whole);
  }

  /** The failure that keeps it blocked the longest. */
  get blocking(): Cooldown {
    return this.whole.coolUntilAt > this.state.coolUntilAt ? this.whole : this.state;
  }

  tellWatchers(): void {
    for (const { watcher, member } of this.watchers) watcher.healthChanged(member);
  }
}

/**
 * The fortunes of all credentials, by credential and model. Everything in it is a timestamp; nothing here runs by
 * itself. It outlives configurations: a credential that stays keeps its state.
 */
export class HealthBook {
  readonly #credentials = new Map<string, CredentialHealth>();
  /** Of the last run of the program, by credential, until that is there again. */
  readonly #earlier = new Map<string, KeptCooldown[]>();
  readonly #changed: () => void;

  /** @param changed called when a pause begins or ends before its time */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  /** Pauses of the last run come into force again with their credentials. */
  restore(cooldowns: readonly KeptCooldown[], now: number): void {
    for (const cooldown of cooldowns) {
      if (!isWorthKeeping(cooldown, now)) continue;
      const same = this.#earlier.get(cooldown.credential);
      if (same === undefined) this.#earlier.set(cooldown.credential, [cooldown]);
      else same.push(cooldown);
    }
  }

  /** The pauses that are worth remembering in the next run. */
  kept(now: number): KeptCooldown[] {
    const found = [...this.#earlier.values()].flat();
    for (const [credential, whole] of this.#credentials) {
      found.push(keptOf(credential, "*", whole));
      for (const [model, { state }] of whole.models) found.push(keptOf(credential, model, state));
    }
    return found.filter((cooldown) => isWorthKeeping(cooldown, now));
  }

  of(credentialId: string, model: string): ModelHealth {
    let whole = this.#credentials.get(credentialId);
    if (whole === undefined) {
      whole = { ...freshCooldown(), models: new Map(), inFlight: 0, capacity: Number.POSITIVE_INFINITY };
      this.#credentials.set(credentialId, whole);
    }
    let health = whole.models.get(model);
    if (health === undefined) {
      health = new ModelHealth(whole);
      whole.models.set(model, health);
    }
    return health;
  }

  /** With the credential's own word on how many requests it takes at a time. */
  ofSeat({ id, account }: Credential, model: string): ModelHealth {
    const health = this.of(id, model);
    health.whole.capacity = account?.maxConcurrency ?? Number.POSITIVE_INFINITY;
    return health;
  }

  /** Without making one: what was never used has no state. */
  find(credentialId: string, model: string): ModelHealth | undefined {
    return this.#credentials.get(credentialId)?.models.get(model);
  }

  report(credential: Credential, model: string, outcome: AttemptOutcome, context: { readonly now: number; readonly policy: CoolingPolicy }): void {
    const health = this.of(credential.id, model);
    if (outcome.type === "succeeded") this.#succeeded(health, context.now);
    else if (!credential.disableCooling) this.#failed(health, outcome, context);
  }

  /** @returns whether this request is the one that tries the credential out before its vendor's time */
  probe(health: ModelHealth, now: number): boolean {
    const ofModel = beginProbe(health.state, now);
    const ofWhole = beginProbe(health.whole, now);
    if (ofWhole) tellAll(health.whole);
    else if (ofModel) health.tellWatchers();
    return ofModel || ofWhole;
  }

  /** The pauses of a credential that last, the one of all its models first. */
  cooldowns(credentialId: string, now: number): readonly CooldownView[] {
    const whole = this.#credentials.get(credentialId);
    if (whole === undefined) return [];
    const ofModels = [...whole.models].map(([model, health]) => viewCooldown(model, health.state, now));
    return [viewCooldown("*", whole, now), ...ofModels].filter((view) => view !== undefined);
  }

  /** Ends every pause of a credential. @returns the models that were blocked until now */
  reset(credentialId: string, now: number): readonly string[] {
    const whole = this.#credentials.get(credentialId);
    if (whole === undefined) return [];
    const blocked = [...whole.models].filter(([, health]) => health.blockedUntilAt > now).map(([model]) => model);
    for (const health of whole.models.values()) warm(health.state);
    warm(whole);
    tellAll(whole);
    this.#changed();
    return blocked;
  }

  /** A credential has another secret than the one that was refused: pauses for that reason are over. */
  trustAgain(credentialId: string): void {
    const whole = this.#credentials.get(credentialId);
    if (whole === undefined) return;
    const refused = [whole, ...[...whole.models.values()].map(({ state }) => state)].filter(({ reason }) => reason === REFUSED);
    if (refused.length === 0) return;
    for (const state of refused) warm(state);
    tellAll(whole);
    this.#changed();
  }

  /** A new configuration: credentials that are gone are forgotten, watchers of the old one are let go. */
  startOver(credentialIds: ReadonlySet<string>): void {
    for (const [id, whole] of this.#credentials) {
      if (!credentialIds.has(id)) this.#credentials.delete(id);
      else for (const health of whole.models.values()) health.watchers.length = 0;
    }
    for (const [id, cooldowns] of this.#earlier) {
      if (!credentialIds.has(id)) continue;
      this.#earlier.delete(id);
      for (const cooldown of cooldowns) this.#bringBack(cooldown);
    }
  }

  #bringBack({ credential, model, sinceAt, untilAt, ...rest }: KeptCooldown): void {
    const state = { ...rest, coolSinceAt: sinceAt, coolUntilAt: untilAt, reason: rest.reason, probing: false };
    // The one for all models needs a model to be made with; any will do.
    const health = this.of(credential, model);
    Object.assign(model === "*" ? health.whole : health.state, state);
  }

  #succeeded(health: ModelHealth, now: number): void {
    // A pause of the whole credential that has not ended, and is not being tried out, outlasts one model's success.
    const { whole } = health;
    const wholeProved = whole.coolUntilAt > 0 && (whole.probing || now >= whole.vendorUntilAt);
    const changed = wholeProved || health.state.coolUntilAt > now;
    if (wholeProved || health.state.coolSinceAt > 0) this.#changed();
    warm(health.state);
    if (wholeProved) warm(whole);
    if (wholeProved) tellAll(whole);
    else if (changed) health.tellWatchers();
  }

  #failed(health: ModelHealth, failure: Failure, context: { readonly now: number; readonly policy: CoolingPolicy }): void {
    const isWhole = failure.credentialWide === true;
    if (!cool(isWhole ? health.whole : health.state, failure, context.now, context.policy)) return;
    if (isWhole) tellAll(health.whole);
    else health.tellWatchers();
    this.#changed();
  }
}

function tellAll(whole: CredentialHealth): void {
  for (const health of whole.models.values()) health.tellWatchers();
}

/** After this a credential rests until somebody has seen to it; who restarts the program may have done just that. */
const REFUSED: FailureKind = "credential-rejected";

/** Shorter pauses are not worth remembering. */
const MIN_KEPT_MS = 30_000;

function isWorthKeeping({ sinceAt, untilAt, vendorUntilAt, reason }: KeptCooldown, now: number): boolean {
  const endsAt = Math.max(untilAt, vendorUntilAt);
  return reason !== REFUSED && endsAt > now && endsAt - sinceAt > MIN_KEPT_MS;
}

function keptOf(credential: string, model: string, { coolSinceAt, coolUntilAt, vendorUntilAt, level, vendorAsked, suspends, reason }: Cooldown): KeptCooldown {
  return { credential, model, sinceAt: coolSinceAt, untilAt: coolUntilAt, vendorUntilAt, level, vendorAsked, suspends, ...(reason !== undefined && { reason }) };
}
