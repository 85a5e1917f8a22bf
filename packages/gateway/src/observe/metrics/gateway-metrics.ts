import { outputTotal, type Loss, type Usage } from "@dragoman/core";
import type { Call } from "../../pipeline/call.ts";
import type { StoryEnd } from "../../pipeline/tell-story.ts";
import type { Clock } from "../../ports.ts";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { CallObserver, RefusedRequest } from "../call-observer.ts";
import { BoundedNames } from "./bounded-names.ts";
import { Counter, Histogram, labelText, type Cell, type Distribution } from "./series.ts";

/** Upper bounds in seconds: models take from a tenth of a second to many minutes. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600];
const FIRST_EVENT_SECONDS = [0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 4, 8, 15, 30, 60];
const NANO_USD = 1e9;

/** What is counted for requests with the same labels. */
interface RequestCells {
  readonly requests: Cell;
  readonly seconds: Distribution;
}

interface AttemptCells {
  readonly attempts: Cell;
  readonly seconds: Distribution;
}

interface TokenCells {
  readonly cost: Cell;
  readonly unpriced: Cell;
  readonly parts: readonly (readonly [cell: Cell, tokensOf: (usage: Usage) => number])[];
}

const PARTS: readonly (readonly [part: string, tokensOf: (usage: Usage) => number])[] = [
  ["input", (usage) => (usage.inputFresh ?? 0) + (usage.toolPrompt ?? 0)],
  ["cache_read", (usage) => usage.cacheRead ?? 0],
  ["cache_write", (usage) => usage.cacheWrite ?? 0],
  ["output", (usage) => usage.outputVisible ?? 0],
  ["reasoning", (usage) => usage.reasoning ?? 0],
];

/** Counts what passes. Cells are found by the plain words of a request, so that labels are written once for many. */
export class GatewayMetrics implements CallObserver {
  readonly #clock: Clock;
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
  readonly #requestCells = new Map<string, RequestCells>();
  readonly #attemptCells = new Map<string, AttemptCells>();
  readonly #tokenCells = new Map<string, TokenCells>();
  readonly #firstEventCells = new Map<string, Distribution>();
  readonly #streams = new Set<string>();
  #open = 0;

  constructor(clock: Clock, options: { readonly maxModels: number }) {
    this.#clock = clock;
    this.#models = new BoundedNames(options.maxModels);
  }

  configure(options: { readonly maxModels: number }): void {
    this.#models.limit = options.maxModels;
  }

  get openRequests(): number {
    return this.#open;
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  requestBegan(): undefined {
    this.#open++;
  }

  answerBegan({ requestId, story }: Call): void {
    if (story.streamed === true) this.#streams.add(requestId);
  }

  attemptEnded(_call: Call, record: AttemptRecord, losses: readonly Loss[]): void {
    const { provider, modelUpstream, outcome, upstreamDialect } = record;
    const cells = this.#attemptCellsOf(provider, modelUpstream, outcome);
    cells.attempts.value++;
    cells.seconds.observe(record.durationMs / 1000);
    if (record.failure !== undefined) this.#failures.cell(labelText({ provider, kind: record.failure })).value++;
    if (record.firstEventMs !== undefined) this.#firstEventCell(provider, upstreamDialect).observe(record.firstEventMs / 1000);
    if (record.usage !== undefined) this.#countUsage(record, record.usage);
    for (const { code } of losses) this.#losses.cell(labelText({ code })).value++;
  }

  requestEnded(call: Call, { status }: StoryEnd): void {
    this.#open--;
    if (this.#streams.size > 0) this.#streams.delete(call.requestId);
    const cells = this.#requestCellsOf(call.endpoint, call.dialect.id, status);
    cells.requests.value++;
    cells.seconds.observe((this.#clock.now() - call.startedAt) / 1000);
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

  #countUsage(record: AttemptRecord, usage: Usage): void {
    const cells = this.#tokenCellsOf(record.provider, record.modelUpstream);
    for (const [cell, tokensOf] of cells.parts) cell.value += tokensOf(usage);
    if (record.costNanoUsd !== undefined) cells.cost.value += record.costNanoUsd / NANO_USD;
    else if (outputTotal(usage) > 0) cells.unpriced.value++;
  }

  #requestCellsOf(endpoint: string, dialect: string, status: number): RequestCells {
    const key = `${endpoint}\n${dialect}\n${status}`;
    let cells = this.#requestCells.get(key);
    if (cells === undefined) {
      cells = { requests: this.#requests.cell(labelText({ endpoint, dialect, status: String(status) })), seconds: this.#requestSeconds.cell(labelText({ endpoint, dialect })) };
      this.#requestCells.set(key, cells);
    }
    return cells;
  }

  #attemptCellsOf(provider: string, named: string, outcome: string): AttemptCells {
    const model = this.#models.of(named);
    const key = `${provider}\n${model}\n${outcome}`;
    let cells = this.#attemptCells.get(key);
    if (cells === undefined) {
      cells = { attempts: this.#attempts.cell(labelText({ provider, model, outcome })), seconds: this.#attemptSeconds.cell(labelText({ provider, outcome })) };
      this.#attemptCells.set(key, cells);
    }
    return cells;
  }

  #tokenCellsOf(provider: string, named: string): TokenCells {
    const model = this.#models.of(named);
    const key = `${provider}\n${model}`;
    let cells = this.#tokenCells.get(key);
    if (cells === undefined) {
      const labels = labelText({ provider, model });
      cells = { cost: this.#cost.cell(labels), unpriced: this.#unpriced.cell(labels), parts: PARTS.map(([part, tokensOf]) => [this.#tokens.cell(labelText({ provider, model, part })), tokensOf]) };
      this.#tokenCells.set(key, cells);
    }
    return cells;
  }

  #firstEventCell(provider: string, dialect: string): Distribution {
    const key = `${provider}\n${dialect}`;
    let cell = this.#firstEventCells.get(key);
    if (cell === undefined) {
      cell = this.#firstEvent.cell(labelText({ provider, dialect }));
      this.#firstEventCells.set(key, cell);
    }
    return cell;
  }
}
