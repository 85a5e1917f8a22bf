import type { AttemptView } from "../../../../gateway/src/management/contract/usage.ts";
import { ACCOUNTS, ENDPOINTS, OFFERS, UPSTREAMS } from "./catalogue.ts";
import { type Chance, createChance } from "./chance.ts";
import type { People } from "./people.ts";

const HOUR = 3_600_000;
const DAYS = 14;
const ADDRESSES = ["10.0.4.12", "10.0.4.31", "10.0.7.5", "127.0.0.1"] as const;

/** Two weeks of attempts that end now, newest first: more by day than by night, less at weekends, some of them failures. */
export function makeAttempts(now: number, people: People): readonly AttemptView[] {
  const chance = createChance(20_261_101);
  const attempts: AttemptView[] = [];
  for (let hour = Math.floor((now - DAYS * 24 * HOUR) / HOUR); hour <= Math.floor(now / HOUR); hour += 1) {
    for (let left = busyness(hour, chance); left > 0; left -= 1) {
      const startedAt = hour * HOUR + chance.between(0, HOUR - 1);
      const first = makeAttempt(startedAt, chance, people);
      if (startedAt > now - 4_000) continue;
      attempts.push(first);
      if (first.outcome === "failed" && chance.next() < 0.7) attempts.push(secondTry(first, chance));
    }
  }
  return attempts.sort((one, other) => other.startedAt - one.startedAt);
}

function busyness(hour: number, chance: Chance): number {
  const ofDay = hour % 24;
  const weekday = new Date(hour * HOUR).getUTCDay();
  const wave = 1 + Math.sin(((ofDay - 7) / 24) * 2 * Math.PI);
  return Math.round(wave * (weekday === 0 || weekday === 6 ? 1.2 : 4) * (0.6 + chance.next() * 0.8));
}

function makeAttempt(startedAt: number, chance: Chance, people: People): AttemptView {
  const offer = chance.pick(OFFERS.slice(0, chance.next() < 0.7 ? 6 : OFFERS.length));
  const account = chance.pick(ACCOUNTS.filter(({ upstream }) => offer.upstreams.includes(upstream)));
  const upstream = UPSTREAMS[account.upstream];
  if (upstream === undefined) throw new Error(`no such upstream: ${account.upstream}`);
  const [clientDialect, endpoint] = chance.pick(ENDPOINTS);
  const key = chance.pick(people.keys().filter(({ active }) => active));
  const fate = chance.next();
  const outcome = fate < 0.94 ? "succeeded" : fate < 0.985 ? "failed" : "cancelled";
  const durationMs = chance.between(700, 21_000);
  const passthrough = clientDialect === upstream.dialect;
  return {
    requestId: chance.between(0x10000000, 0xffffffff).toString(16), attempt: 1, startedAt, durationMs,
    ...(outcome !== "failed" && { firstEventMs: Math.min(durationMs, chance.between(240, 2_400)) }),
    principal: `key:${key.id}`, keyId: key.id, keyName: key.name ?? key.prefix, ...(key.userId !== undefined && { userId: key.userId, username: key.username }),
    clientAddress: chance.pick(ADDRESSES), endpoint, clientDialect, upstreamDialect: upstream.dialect,
    provider: upstream.provider, credential: account.label, credentialIndex: account.index,
    modelAsked: offer.id, modelUpstream: offer.aliasOf ?? offer.id, modelAnswered: offer.aliasOf ?? offer.id,
    streamed: chance.next() < 0.8, passthrough, outcome,
    ...(outcome === "failed" ? failure(chance) : { status: outcome === "cancelled" ? 499 : 200, finishReason: outcome === "cancelled" ? undefined : chance.pick(["stop", "stop", "tool-calls", "length"]) }),
    ...(chance.next() < 0.2 && { reasoningEffort: chance.pick(["low", "medium", "high"]) }),
    ...(outcome === "failed" ? { estimated: false } : tokensAndCost(offer, chance, outcome === "cancelled")),
    losses: passthrough || chance.next() < 0.75 ? [] : ["unsupported-parameter"],
  };
}

function tokensAndCost(offer: (typeof OFFERS)[number], chance: Chance, estimated: boolean): Pick<AttemptView, "inputTokens" | "cacheReadTokens" | "cacheWriteTokens" | "outputTokens" | "reasoningTokens" | "totalTokens" | "costUsd" | "estimated"> {
  const inputTokens = chance.between(200, 9_000);
  const cacheReadTokens = chance.next() < 0.55 ? chance.between(2_000, 60_000) : 0;
  const cacheWriteTokens = cacheReadTokens > 0 && chance.next() < 0.3 ? chance.between(500, 6_000) : 0;
  const outputTokens = chance.between(40, 2_600);
  const reasoningTokens = chance.next() < 0.3 ? chance.between(100, 3_000) : 0;
  const { price } = offer;
  const dollars = price && (inputTokens * price.input + cacheReadTokens * (price.cacheRead ?? price.input) + cacheWriteTokens * (price.cacheWrite ?? price.input) + (outputTokens + reasoningTokens) * price.output) / 1e6;
  return {
    inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens, estimated,
    totalTokens: inputTokens + cacheReadTokens + cacheWriteTokens + outputTokens + reasoningTokens,
    ...(dollars !== undefined && { costUsd: Math.round(dollars * 1e9) / 1e9 }),
  };
}

function failure(chance: Chance): Pick<AttemptView, "status" | "failure" | "errorCode"> {
  return chance.pick([
    { status: 429, failure: "rate-limited", errorCode: "rate_limited" },
    { status: 529, failure: "overloaded", errorCode: "upstream_overloaded" },
    { status: 400, failure: "request-rejected", errorCode: "invalid_request" },
    { status: 504, failure: "unavailable", errorCode: "upstream_timeout" },
  ]);
}

/** The same request at another credential, which had more luck. */
function secondTry(first: AttemptView, chance: Chance): AttemptView {
  const { failure: _failure, errorCode: _errorCode, ...rest } = first;
  const offer = OFFERS.find(({ id }) => id === first.modelAsked);
  if (offer === undefined) throw new Error("an attempt without an offer");
  return { ...rest, attempt: 2, startedAt: first.startedAt + first.durationMs, firstEventMs: 900, outcome: "succeeded", status: 200, finishReason: "stop", ...tokensAndCost(offer, chance, false) };
}
