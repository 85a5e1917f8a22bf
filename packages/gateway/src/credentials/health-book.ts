import type { AttemptOutcome } from "../upstream/outcome.ts";
import { beginProbe, cool, freshCooldown, warm, type Cooldown, type CoolingPolicy, type Failure } from "./cooldown.ts";
import { viewCooldown, type CooldownView } from "./cooldown-view.ts";
import type { Credential } from "./credential.ts";

/** Whoever keeps a list of usable seats is told when one of them changes. */
export interface HealthWatcher {
  healthChanged(member: number): void;
}

interface CredentialHealth extends Cooldown {
  readonly models: Map<string, ModelHealth>;
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

  of(credentialId: string, model: string): ModelHealth {
    let whole = this.#credentials.get(credentialId);
    if (whole === undefined) {
      whole = { ...freshCooldown(), models: new Map() };
      this.#credentials.set(credentialId, whole);
    }
    let health = whole.models.get(model);
    if (health === undefined) {
      health = new ModelHealth(whole);
      whole.models.set(model, health);
    }
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
    return blocked;
  }

  /** A new configuration: credentials that are gone are forgotten, watchers of the old one are let go. */
  startOver(credentialIds: ReadonlySet<string>): void {
    for (const [id, whole] of this.#credentials) {
      if (!credentialIds.has(id)) this.#credentials.delete(id);
      else for (const health of whole.models.values()) health.watchers.length = 0;
    }
  }

  #succeeded(health: ModelHealth, now: number): void {
    // A pause of the whole credential that has not ended, and is not being tried out, outlasts one model's success.
    const { whole } = health;
    const wholeProved = whole.coolUntilAt > 0 && (whole.probing || now >= whole.vendorUntilAt);
    const changed = wholeProved || health.state.coolUntilAt > now;
    warm(health.state);
    if (wholeProved) warm(whole);
    if (wholeProved) tellAll(whole);
    else if (changed) health.tellWatchers();
  }

  #failed(health: ModelHealth, failure: Failure, context: { readonly now: number; readonly policy: CoolingPolicy }): void {
    if (failure.credentialWide === true) {
      if (cool(health.whole, failure, context.now, context.policy)) tellAll(health.whole);
    } else if (cool(health.state, failure, context.now, context.policy)) health.tellWatchers();
  }
}

function tellAll(whole: CredentialHealth): void {
  for (const health of whole.models.values()) health.tellWatchers();
}
