import { DIALECTS, GatewayError, type CatalogueModel, type Dialect, type ModelInfo } from "@dragoman/core";
import { parseDuration } from "../config/duration.ts";
import type { Config } from "../config/index.ts";
import type { CoolingPolicy } from "../credentials/cooldown.ts";
import type { Credential } from "../credentials/credential.ts";
import { HealthBook } from "../credentials/health-book.ts";
import type { KeptFortunes } from "../credentials/kept-fortunes.ts";
import type { OwnProviders } from "../embed/own-providers.ts";
import type { Clock, Ids } from "../ports.ts";
import type { AttemptOutcome } from "../upstream/outcome.ts";
import { endsRequest } from "../upstream/classify.ts";
import { Affinity } from "./affinity.ts";
import { unavailableError, waitForRoom, waitMs } from "./availability.ts";
import { Board, Learned, type Reading } from "./board.ts";
import type { RoutePlan, Upstream } from "./candidate.ts";
import { listedModel, listModels, newestModel, type ListingContext } from "./listing.ts";
import { nearestNames } from "./nearest-names.ts";
import type { PlanState } from "./plan-state.ts";
import { modelsKnownOf } from "./model-index.ts";
import type { Roster } from "./roster.ts";
import { notePreviews } from "./preview-names.ts";
import { affinityKeys, SeatSelection } from "./seat-selection.ts";
import { seatId } from "./seats.ts";
import { servicesOf } from "./services-of-config.ts";
import type { DiscoveredUpstream, Service } from "./service.ts";
import { soleSwitchboard } from "./sole-switchboard.ts";
import type { ModelTarget, RouteQuestion, Selection, Switchboard } from "./switchboard.ts";

export type { DiscoveredUpstream } from "./service.ts";

export interface SwitchboardOptions {
  readonly config: Config;
  readonly discovered: readonly DiscoveredUpstream[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly dialects?: readonly Dialect[];
  /** Providers that are not of the house. */
  readonly own?: OwnProviders;
  /** What stored logins offer; asked whenever the services are gathered. */
  readonly accounts?: () => readonly Service[];
  /** What is remembered of credentials beyond this run. */
  readonly fortunes?: KeptFortunes;
  /** A vendor's pause longer than this is tried out after it, by one request. */
  readonly probeAfterMs?: number;
}

/** A service whose models the configuration does not name: its own list is worth asking for. */
export interface ListableService {
  readonly upstream: Upstream;
  readonly credential: Credential;
}

export interface ReloadableSwitchboard extends Switchboard {
  /** Swaps configuration and findings. Plans under way go on with the seats that they have. */
  reload(config: Config, discovered: readonly DiscoveredUpstream[]): void;
  /** Gathers the services anew: accounts have come, gone or changed. */
  gather(): void;
  /** A credential has another secret by now: that the old one was refused does not hold for it. */
  trustAgain(credentialId: string): void;
  /** What an upstream's own list says; with `baseUrl` only for that address of the name. */
  learnModels(upstreamName: string, models: readonly CatalogueModel[], baseUrl?: string): void;
  listable(): readonly ListableService[];
  /** Who sits there, for those who look after them. */
  readonly roster: Roster;
}

const PROBE_AFTER_MS = 60 * 60_000;
const TRANSIENT_MS = 60_000;
/** Conversations whose credential is remembered. */
const REMEMBERED_SESSIONS = 50_000;

const NOBODY: readonly ModelTarget[] = [];

export function createSwitchboard(options: SwitchboardOptions): ReloadableSwitchboard {
  return new ModelSwitchboard(options);
}

class ModelSwitchboard implements ReloadableSwitchboard {
  readonly #options: SwitchboardOptions;
  readonly #dialects: ReadonlyMap<string, Dialect>;
  readonly #book: HealthBook;
  readonly #learned = new Learned();
  readonly #affinity = new Affinity(REMEMBERED_SESSIONS, 0);
  readonly #plans = new WeakMap<RoutePlan, PlanState>();
  readonly #startedAt: number;
  #discovered: readonly DiscoveredUpstream[];
  #services: readonly Service[] = [];
  #board: Board;
  /** Those who answer with what clients bring, where others serve the same. */
  #owners: Board | undefined;
  readonly roster: Roster = {
    services: () => this.#services,
    offers: () => this.#board.index,
    modelsOf: (service) => modelsKnownOf(service, this.#learned),
    cooldowns: (credentialId) => this.#book.cooldowns(credentialId, this.#now()),
    reset: (credentialId) => this.#book.reset(credentialId, this.#now()),
    only: (service, credential, model) => soleSwitchboard({
      service, credential, model,
      base: this,
      told: (outcome) => this.#book.report(credential, model.upstreamModel, outcome, { now: this.#now(), policy: this.#coolingPolicy() }),
    }),
  };

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    const { fortunes } = options;
    this.#book = new HealthBook(() => fortunes?.changed());
    this.#book.restore(fortunes?.cooldowns ?? [], options.clock.now());
    fortunes?.follow({ cooldowns: () => this.#book.kept(this.#now()) });
    this.#dialects = new Map((options.dialects ?? DIALECTS).map((dialect) => [dialect.id, dialect]));
    this.#startedAt = Math.floor(options.clock.now() / 1000);
    this.#discovered = options.discovered;
    this.#board = this.#boardOf(options.config);
  }

  reload(config: Config, discovered: readonly DiscoveredUpstream[]): void {
    this.#discovered = discovered;
    this.#board = this.#boardOf(config);
  }

  gather(): void {
    this.#board = this.#boardOf(this.#board.config);
  }

  trustAgain(credentialId: string): void {
    this.#book.trustAgain(credentialId);
  }

  learnModels(upstreamName: string, models: readonly CatalogueModel[], baseUrl?: string): void {
    this.#learned.learn(upstreamName, models, baseUrl);
    this.gather();
  }

  listable(): readonly ListableService[] {
    const byPlace = new Map<string, ListableService>();
    for (const { models, upstreams: [upstream], credentials: [credential] } of this.#board.services) {
      if (models !== undefined || credential === undefined) continue;
      const place = `${upstream.name}\n${upstream.baseUrl}`;
      if (!byPlace.has(place)) byPlace.set(place, { upstream, credential });
    }
    return [...byPlace.values()];
  }

  plan(question: RouteQuestion): RoutePlan {
    const newest = (): string | undefined => newestModel(this.#listing());
    const reading = this.#readOwn(question, newest) ?? this.#board.read(question.model, newest, question.otherwise);
    if (reading === undefined) throw this.#isResting(question.model) ? accountsResting(question.model) : modelNotFound(question.model, this.#board.index.keys());
    const { route, reasoning, renamed } = reading;
    const plan: RoutePlan = { routeName: route.name, maxRounds: route.maxRounds, ...(reasoning !== undefined && { reasoning }), ...(renamed !== undefined && { renamed }) };
    this.#plans.set(plan, { route, round: -1, stopped: false });
    return plan;
  }

  /** Whoever brings a key of his own is answered with it, and never with one of ours. */
  #readOwn({ ownKey, model }: RouteQuestion, newest: () => string | undefined): Reading | undefined {
    if (this.#owners === undefined) return undefined;
    const own = ownKey?.();
    return own !== undefined && this.#owners.services.some(({ takesOwnKey }) => takesOwnKey?.(own)) ? this.#owners.read(model, newest) : undefined;
  }

  select(plan: RoutePlan, question: RouteQuestion): Selection {
    const state = this.#stateOf(plan);
    state.round++;
    return new SeatSelection({ state, question, book: this.#book, affinity: this.#stickiness(), now: () => this.#now() });
  }

  waitMs(plan: RoutePlan): number | undefined {
    return waitMs(this.#stateOf(plan), this.#now());
  }

  room(plan: RoutePlan, within: { readonly limitMs: number; readonly signal: AbortSignal }): Promise<boolean> | undefined {
    return waitForRoom(this.#stateOf(plan), this.#now(), within);
  }

  unavailable(plan: RoutePlan): GatewayError {
    return unavailableError(this.#stateOf(plan), plan.routeName, this.#now());
  }

  report({ candidate, plan, question }: Parameters<Switchboard["report"]>[0], outcome: AttemptOutcome): void {
    const now = this.#now();
    const { credential, model } = candidate;
    this.#book.report(credential, model, outcome, { now, policy: this.#coolingPolicy() });
    credential.account?.told(outcome, model);
    if (outcome.type === "failed") notePreviews(this.#stateOf(plan), candidate, outcome);
    if (outcome.type === "succeeded" || endsRequest(outcome)) return;
    this.#stickiness()?.release(affinityKeys(plan.routeName, question), seatId(credential.id, model));
    if (outcome.verdict === undefined && outcome.error.status === 429 && !this.#board.config["quota-exceeded"]["switch-project"]) this.#stateOf(plan).stopped = true;
  }

  listModels(): readonly ModelInfo[] {
    return listModels(this.#listing());
  }

  findModel(name: string): ModelInfo | undefined {
    const offers = this.#board.index.get(name);
    return offers === undefined ? undefined : listedModel(name, offers, this.#listing());
  }

  targetsOf(name: string): readonly ModelTarget[] {
    return this.#board.read(name, () => newestModel(this.#listing()))?.route.targets ?? NOBODY;
  }

  /** Whether accounts would serve it, but none of them takes part. Asked only when nobody else serves it. */
  #isResting(model: string): boolean {
    return this.#services.some((service) => service.credentials.length === 0
      && service.switchedOff?.some(({ account }) => account !== undefined) === true
      && modelsKnownOf(service, this.#learned).some(({ name }) => name === model));
  }

  #boardOf(config: Config): Board {
    const { own } = this.#options;
    const dialects = this.#dialects;
    const plain = servicesOf(config, this.#discovered, { dialects, own });
    this.#services = [...(own === undefined ? plain : [...plain, ...own.services(dialects)].map((service) => own.equip(service))), ...(this.#options.accounts?.() ?? [])];
    const services = this.#services.filter(({ credentials }) => credentials.length > 0);
    this.#affinity.ttlMs = parseDuration(config.routing["session-affinity-ttl"]);
    this.#book.startOver(new Set(services.flatMap((service) => service.credentials.map((credential) => credential.id))));
    const owners = services.filter(({ takesOwnKey }) => takesOwnKey !== undefined);
    this.#owners = owners.length === 0 ? undefined : new Board(config, owners, this.#learned, this.#book);
    return new Board(config, owners.length === 0 ? services : services.filter(({ takesOwnKey }) => takesOwnKey === undefined), this.#learned, this.#book);
  }

  #stickiness(): Affinity | undefined {
    return this.#board.config.routing["session-affinity"] ? this.#affinity : undefined;
  }

  #coolingPolicy(): CoolingPolicy {
    const seconds = this.#board.config["transient-error-cooldown-seconds"];
    return {
      transientMs: seconds < 0 ? 0 : seconds * 1000 || TRANSIENT_MS,
      probeAfterMs: this.#options.probeAfterMs ?? PROBE_AFTER_MS,
      random: () => fraction(this.#options.ids),
    };
  }

  #listing(): ListingContext {
    return { board: this.#board, book: this.#book, now: this.#now(), startedAt: this.#startedAt };
  }

  #stateOf(plan: RoutePlan): PlanState {
    const state = this.#plans.get(plan);
    if (state === undefined) throw new GatewayError("internal", { cause: "a plan of another switchboard" });
    return state;
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** 0 ≤ x < 1 out of random letters and digits; other characters count as 0. */
function fraction(ids: Ids): number {
  const value = Number.parseInt(ids.random(4), 36);
  return Number.isNaN(value) ? 0 : value / 36 ** 4;
}

function accountsResting(model: string): GatewayError {
  return new GatewayError("no_credential", { message: `Every account that serves ${model.slice(0, 200)} is switched off, not allowed or over; \`dragoman doctor\` says which, and what to do.` });
}

function modelNotFound(model: string, names: Iterable<string>): GatewayError {
  const shown = model.slice(0, 200);
  const near = nearestNames(model, names);
  const hint = near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`;
  return new GatewayError("model_not_found", { source: "client", path: "model", message: `unknown provider for model ${shown}${hint}` });
}
