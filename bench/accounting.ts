import { fire, type Shot } from "./load.ts";
import type { AccountingHost, ProcessorTime } from "./servers.ts";
import { shots } from "./shots.ts";

type Kind = "json" | "stream" | "agent";

/** Requests of one turn: few enough that what else happens on the machine happens to all hosts alike, and so many that a host is mostly at work. */
const TURN: Readonly<Record<Kind, number>> = { json: 1000, stream: 100, agent: 100 };

interface Telling {
  /** Processes differ by a tenth, however alike: there are several of each. */
  readonly without: readonly AccountingHost[];
  readonly counting: readonly AccountingHost[];
  /** Of each host. */
  readonly requestsOf: (kind: Kind) => number;
  readonly concurrency: number;
  readonly say: (line: string) => void;
  readonly target: (name: string, measured: number, limit: number, unit: string) => void;
}

/** Times the cost without accounting. */
const LIMIT = 1.15;

/** Measures each kind, and says so as a table. */
export async function tellAccounting({ without, counting, requestsOf, concurrency, say, target }: Telling): Promise<void> {
  say("The same gateway without accounting, and with all of it: a stored key whose limits and budgets hold, for itself and for its user, each attempt in the journal and the database, prices, metrics, the live view.");
  say(`Processor time for a request, ${without.length} processes of each in turns: of the thread that answers, which is what a client waits for, and of all threads, with the database and the garbage collector behind the replies.\n`);
  say("| | answering, without µs | with µs | times | all threads, without µs | with µs | times | failures |");
  say("|---|---:|---:|---:|---:|---:|---:|---:|");
  for (const [name, kind] of [["JSON, 1 kB", "json"], ["stream of 200 chunks", "stream"], ["the same for a coding agent, which sends 50 kB", "agent"]] as const) {
    const { costs, failures } = await costsOf([...without, ...counting], { shotAt: shots[kind], requests: requestsOf(kind), perTurn: TURN[kind], concurrency });
    const [off, on] = [sumOf(costs.slice(0, without.length)), sumOf(costs.slice(without.length))];
    const cells = (["mainMicros", "allMicros"] as const).flatMap((of) => [(off[of] / without.length).toFixed(0), (on[of] / counting.length).toFixed(0), (on[of] / off[of]).toFixed(2)]);
    say(`| ${name} | ${cells.join(" | ")} | ${failures} |`);
    target(`All accounting on, ${name}, the thread that answers`, on.mainMicros / off.mainMicros, LIMIT, " × the cost");
    target(`All accounting on, ${name}, all threads`, on.allMicros / off.allMicros, LIMIT, " × the cost");
  }
}

interface Load {
  readonly shotAt: (origin: string) => Shot;
  readonly requests: number;
  readonly perTurn: number;
  readonly concurrency: number;
}

/**
 * The same load for all, in turns that begin with another one each time. What a host does behind the replies, while others
 * have their turn, counts as well. All are warmed with as many requests as are measured.
 * @returns processor time for a request, of each host
 */
async function costsOf(hosts: readonly AccountingHost[], { shotAt, requests, perTurn, concurrency }: Load): Promise<{ readonly costs: readonly ProcessorTime[]; readonly failures: number }> {
  const loads = hosts.map((host) => shotOf(host, shotAt));
  for (const shot of loads) await fire(shot, requests, concurrency);
  const begun = await Promise.all(hosts.map((host) => host.processorTime()));
  const rounds = Math.ceil(requests / perTurn);
  let failures = 0;
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < loads.length; turn++) failures += (await fire(loads[(turn + round) % loads.length] as Shot, perTurn, concurrency)).failures;
  }
  const ended = await Promise.all(hosts.map((host) => host.processorTime()));
  const costs = ended.map(({ allMicros, mainMicros }, at) => ({
    allMicros: (allMicros - (begun[at]?.allMicros ?? Number.NaN)) / (rounds * perTurn),
    mainMicros: (mainMicros - (begun[at]?.mainMicros ?? Number.NaN)) / (rounds * perTurn),
  }));
  return { costs, failures };
}

function sumOf(costs: readonly ProcessorTime[]): ProcessorTime {
  return { allMicros: costs.reduce((sum, { allMicros }) => sum + allMicros, 0), mainMicros: costs.reduce((sum, { mainMicros }) => sum + mainMicros, 0) };
}

function shotOf({ origin, key }: AccountingHost, shotAt: (origin: string) => Shot): Shot {
  const shot = shotAt(origin);
  return { ...shot, headers: { ...shot.headers, authorization: `Bearer ${key}` } };
}
