import { outputTotal, type Loss, type Usage } from "@dragoman/core";
import type { Call } from "../../pipeline/call.ts";
import type { StoryEnd } from "../../pipeline/tell-story.ts";
import { toUsd } from "../../prices/nano-usd.ts";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { CallObserver, RefusedRequest } from "../call-observer.ts";
import { BoundedNames } from "./bounded-names.ts";
import { Counter, Histogram, labelText, type Cell, type Distribution } from "./series.ts";

/** Upper bounds in seconds: models take from a tenth of a second to many minutes. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600];
const FIRST_EVENT_SECONDS = [0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 4, 8, 15, 30, 60];

/** What is counted for requests with the same labels. */
interface RequestCells {
  readonly requests: Cell;
  readonly seconds: Distribution;
}

/** What is counted for a model at a provider. */
interface ModelCells {
  readonly attempts: Readonly<Record<Outcome, Cell>>;
  readonly cost: Cell;
  readonly unpriced: Cell;
  readonly parts: readonly (readonly [cell: Cell, tokensOf: (usage: Usage) => number])[];
}

interface ProviderCells {
  readonly seconds: Readonly<Record<Outcome, Distribution>>;
  /** By upstream dialect. */
  readonly firstEvent: Map<string, Distribution>;
  readonly models: Map<string, ModelCells>;
}

type Outcome = AttemptRecord["outcome"];

/** Provider and model of all upstreams that clients name in the path. */
const NAMED_BY_CLIENTS = "named-by-client";

const PARTS: readonly (readonly [part: string, tokensOf: (usage: Usage) => number])[] = [
  ["input", (usage) => (usage.inputFresh ?? 0) + (usage.toolPrompt ?? 0)],
  ["cache_read", (usage) => usage.cacheRead ?? 0],
  ["cache_write", (usage) => usage.cacheWrite ?? 0],
  ["output", (usage) => usage.outputVisible ?? 0],
  ["reasoning", (usage) => usage.reasoning ?? 0],
];

/** Counts what passes. Cells are found word by word: words of a request have their hash already, texts put together would not. */
export class GatewayMetrics implements CallObserver {
  readonly #models: BoundedNames;
  readonly #requests = new Counter("dragoman_requests_total", "Client requests that have ended.");
  readonly #refused = new Counter("dragoman_requests_refused_total", "Requests that were turned away before they were read: no key, no such path, no JSON.");
  readonly #requestSeconds = new Histogram("dragoman_request_duration_seconds", "From a request's arrival to its end.", SECONDS);
  readonly #attempts = new Counter("dragoman_attempts_total", "Attempts at upstreams by outcome.");
  readonly #failures = new Counter("dragoman_failures_total", "Failed attempts by kind.");
  readonly #attemptSeconds = new Histogram("dragoman_attempt_duration_seconds", "From the start of an attempt to its end.", SECONDS);
  readonly #firstEvent = new Histogram("dragoman_time_to_first_event_seconds", "From the start of an attempt to the first event of its answer.", FIRST_EVENT_SECONDS);
  readonly #tokens = new Counter("dragoman_tokens_total", "Tokens by part; the parts are disjoint.");
  readonly #cost = new Counter("dragoman_cost_usd_total", "What answers cost, in US dollars, as far as prices are known.");
  readonly #unpriced = new Counter("dragoman_unpriced_attempts_total", "Attempts with tokens whose price nobody knows.");
  readonly #losses = new Counter("dragoman_losses_total", "What translations could not carry as it was.");
  /** By endpoint, client dialect and status. */
  readonly #requestCells = new Map<string, Map<string, Map<number, RequestCells>>>();
  readonly #providers = new Map<string, ProviderCells>();
  #open = 0;
  #streams = 0;

  constructor(options: { readonly maxModels: number }) {
    this.#models = new BoundedNames(options.maxModels);
  }

  configure(options: { readonly maxModels: number }): void {
    this.#models.limit = options.maxModels;
  }

  get openRequests(): number {
    return this.#open;
  }

  get openStreams(): number {
    return this.#streams;
  }

  requestBegan(): undefined {
    this.#open++;
  }

  answerBegan({ story }: Call): void {
    if (story.streamed === true) this.#streams++;
  }

  attemptEnded(call: Call, record: AttemptRecord, losses: readonly Loss[]): void {
    const { outcome, usage } = record;
    // There are as many hosts and models as clients care to name.
    const provider = call.mount === undefined ? record.provider : NAMED_BY_CLIENTS;
    const cells = this.#providers.get(provider) ?? this.#newProvider(provider);
    const named = call.mount === undefined ? this.#models.of(record.modelUpstream) : NAMED_BY_CLIENTS;
    const model = cells.models.get(named) ?? this.#newModel(cells, provider, named);
    model.attempts[outcome].value++;
    cells.seconds[outcome].observe(record.durationMs / 1000);
    if (record.firstEventMs !== undefined) (cells.firstEvent.get(record.upstreamDialect) ?? this.#newFirstEvent(cells, provider, record.upstreamDialect)).observe(record.firstEventMs / 1000);
    if (record.failure !== undefined) this.#failures.cell(labelText({ provider, kind: record.failure })).value++;
    if (usage !== undefined) countUsage(model, usage, record.costNanoUsd);
    for (const { code } of losses) this.#losses.cell(labelText({ code })).value++;
  }

  requestEnded({ story, startedAt, endpoint, dialect }: Call, { status }: StoryEnd): void {
    this.#open--;
    if (story.streamed === true && story.firstEventMs !== undefined) this.#streams--;
    const cells = this.#requestCells.get(endpoint)?.get(dialect.id)?.get(status) ?? this.#newRequest(endpoint, dialect.id, status);
    cells.requests.value++;
    cells.seconds.observe(((story.endedAt ?? startedAt) - startedAt) / 1000);
  }

  requestRefused({ endpoint, status, error }: RefusedRequest): void {
    this.#refused.cell(labelText({ endpoint, status: String(status), code: error.code })).value++;
  }

  /** All families, in the text format. */
  text(): string {
    return [
      this.#requests, this.#refused, this.#requestSeconds, this.#attempts, this.#failures, this.#attemptSeconds, this.#firstEvent,
      this.#tokens, this.#cost, this.#unpriced, this.#losses,
    ].map((family) => family.text()).join("");
  }

  #newRequest(endpoint: string, dialect: string, status: number): RequestCells {
    const ofEndpoint = this.#requestCells.get(endpoint) ?? new Map<string, Map<number, RequestCells>>();
    const ofDialect = ofEndpoint.get(dialect) ?? new Map<number, RequestCells>();
    const cells = { requests: this.#requests.cell(labelText({ endpoint, dialect, status: String(status) })), seconds: this.#requestSeconds.cell(labelText({ endpoint, dialect })) };
    this.#requestCells.set(endpoint, ofEndpoint.set(dialect, ofDialect.set(status, cells)));
    return cells;
  }

  #newProvider(provider: string): ProviderCells {
    const cells = { seconds: byOutcome((outcome) => this.#attemptSeconds.cell(labelText({ provider, outcome }))), firstEvent: new Map(), models: new Map() };
    this.#providers.set(provider, cells);
    return cells;
  }

  #newFirstEvent({ firstEvent }: ProviderCells, provider: string, dialect: string): Distribution {
    const cell = this.#firstEvent.cell(labelText({ provider, dialect }));
    firstEvent.set(dialect, cell);
    return cell;
  }

  #newModel({ models }: ProviderCells, provider: string, model: string): ModelCells {
    const labels = labelText({ provider, model });
    const cells: ModelCells = {
      attempts: byOutcome((outcome) => this.#attempts.cell(labelText({ provider, model, outcome }))),
      cost: this.#cost.cell(labels), unpriced: this.#unpriced.cell(labels),
      parts: PARTS.map(([part, tokensOf]) => [this.#tokens.cell(labelText({ provider, model, part })), tokensOf]),
    };
    models.set(model, cells);
    return cells;
  }
}

function byOutcome<T>(make: (outcome: Outcome) => T): Record<Outcome, T> {
  return { succeeded: make("succeeded"), failed: make("failed"), cancelled: make("cancelled") };
}

function countUsage({ parts, cost, unpriced }: ModelCells, usage: Usage, costNanoUsd: number | undefined): void {
  for (const [cell, tokensOf] of parts) cell.value += tokensOf(usage);
  if (costNanoUsd !== undefined) cost.value += toUsd(costNanoUsd);
  else if (outputTotal(usage) > 0) unpriced.value++;
}
