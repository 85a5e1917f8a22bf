import { fire, percentile, type Shot } from "./load.ts";
import type { AccountingHost } from "./servers.ts";
import { shots } from "./shots.ts";

/** Short, and many: what else happens on the machine then happens to both hosts alike. */
const ROUNDS = 30;

interface AccountingCost {
  /** Of the whole process, all threads, per request: the middle of all rounds. */
  readonly withoutMicros: number;
  readonly withMicros: number;
  /** The same of the main thread alone. */
  readonly withoutMainMicros: number;
  readonly withMainMicros: number;
  /** The middle of the ratios of two rounds that followed each other. */
  readonly ratio: number;
  readonly failures: number;
}

type Kind = "json" | "stream";

interface Telling {
  /** Without, and with. */
  readonly hosts: readonly [AccountingHost, AccountingHost];
  readonly requestsOf: (kind: Kind) => number;
  readonly concurrency: number;
  readonly say: (line: string) => void;
  readonly target: (name: string, measured: number, limit: number, unit: string) => void;
}

/** Measures both kinds, and says so as a table. */
export async function tellAccounting({ hosts, requestsOf, concurrency, say, target }: Telling): Promise<void> {
  say("The same gateway without accounting, and with all of it: a stored key whose limits and budgets hold, for itself and for its user, each attempt in the journal and the database, prices, metrics, the live view.");
  say(`Processor time of the whole process, all threads, and of its main thread alone; the middle of ${ROUNDS} short rounds in turns, and the middle of the ratios of neighbours.\n`);
  say("| | without µs | with µs | times | main thread µs, without and with | failures |");
  say("|---|---:|---:|---:|---:|---:|");
  for (const [name, kind] of [["JSON", "json"], ["stream of 200 chunks", "stream"]] as const) {
    const cost = await compareAccounting(...hosts, { shotAt: shots[kind], requests: requestsOf(kind), concurrency });
    say(`| ${name} | ${cost.withoutMicros.toFixed(0)} | ${cost.withMicros.toFixed(0)} | ${cost.ratio.toFixed(2)} | ${cost.withoutMainMicros.toFixed(0)} / ${cost.withMainMicros.toFixed(0)} | ${cost.failures} |`);
    target(`All accounting on, ${name}`, cost.ratio, LIMIT, " × the cost");
  }
}

/** Times the cost without accounting. */
const LIMIT = 1.15;

/** The same load for both, in turns, the first turn to each of them as often. Both are warmed with as many requests as are measured. */
async function compareAccounting(without: AccountingHost, counting: AccountingHost, { shotAt, requests, concurrency }: { readonly shotAt: (origin: string) => Shot; readonly requests: number; readonly concurrency: number }): Promise<AccountingCost> {
  const hosts = [without, counting];
  const perRound = Math.ceil(requests / ROUNDS);
  for (const host of hosts) await fire(shotOf(host, shotAt), requests, concurrency);
  const costs = new Map(hosts.map((host) => [host, [] as RoundCost[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const host of round % 2 === 0 ? hosts : hosts.toReversed()) costs.get(host)?.push(await roundCost(host, shotOf(host, shotAt), { requests: perRound, concurrency }));
  }
  const [off, on] = [costs.get(without) ?? [], costs.get(counting) ?? []];
  return {
    withoutMicros: middle(off.map(({ all }) => all)), withMicros: middle(on.map(({ all }) => all)),
    withoutMainMicros: middle(off.map(({ main }) => main)), withMainMicros: middle(on.map(({ main }) => main)),
    ratio: middle(on.map(({ all }, round) => all / (off[round]?.all ?? Number.NaN))),
    failures: [...off, ...on].reduce((sum, { failures }) => sum + failures, 0),
  };
}

function shotOf({ origin, key }: AccountingHost, shotAt: (origin: string) => Shot): Shot {
  const shot = shotAt(origin);
  return { ...shot, headers: { ...shot.headers, authorization: `Bearer ${key}` } };
}

interface RoundCost {
  /** Microseconds of processor time per request. */
  readonly all: number;
  readonly main: number;
  readonly failures: number;
}

async function roundCost(host: AccountingHost, shot: Shot, { requests, concurrency }: { readonly requests: number; readonly concurrency: number }): Promise<RoundCost> {
  const before = await host.processorTime();
  const { failures } = await fire(shot, requests, concurrency);
  const after = await host.processorTime();
  return { all: (after.allMicros - before.allMicros) / requests, main: (after.mainMicros - before.mainMicros) / requests, failures };
}

function middle(values: readonly number[]): number {
  return percentile(values.toSorted((a, b) => a - b), 0.5);
}
