import type { AttemptRecord } from "../../usage/attempt-record.ts";

export const HOUR_MS = 3_600_000;

/** An attempt like many, but for what is said. */
export function attemptFor(what: Partial<AttemptRecord> & Pick<AttemptRecord, "requestId" | "startedAt">): AttemptRecord {
  return {
    attempt: 1, durationMs: 900, principal: "anonymous", endpoint: "POST /v1/chat/completions", clientDialect: "openai-chat", upstreamDialect: "openai-chat",
    provider: "openai", credential: "openai #1", credentialIndex: "00000000000000a1", modelAsked: "gpt", modelUpstream: "gpt", streamed: false, passthrough: true,
    outcome: "succeeded", status: 200, losses: [], ...what,
  };
}

/** Numbers from 0 to 1 that look random and are the same each time. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Attempts of all kinds, from `from` on over so many hours, in no order. */
export function sampleAttempts(count: number, from: number, hours: number): readonly AttemptRecord[] {
  const random = sequence(7);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  return Array.from({ length: count }, (_, at): AttemptRecord => {
    const keyId = below(6);
    const outcome = pick(["succeeded", "succeeded", "succeeded", "failed", "cancelled"] as const);
    const model = pick(["gpt", "claude", "gemini"]);
    return attemptFor({
      requestId: `req_${String(at).padStart(6, "0")}`,
      attempt: 1 + (at % 7 === 0 ? 1 : 0),
      // Many on the very edges of hours and days.
      startedAt: from + pick([below(hours) * HOUR_MS, below(hours * HOUR_MS), below(hours * 60) * 60_000 - 1]),
      durationMs: below(5_000),
      ...(random() < 0.8 && { firstEventMs: below(900) }),
      principal: keyId === 0 ? "anonymous" : `key:${keyId}`,
      ...(keyId > 0 && { keyId }),
      ...(keyId > 2 && { userId: 1 + (keyId % 2) }),
      endpoint: pick(["POST /v1/chat/completions", "POST /v1/messages"]),
      clientDialect: pick(["openai-chat", "anthropic-messages"]),
      provider: `provider of ${model}`,
      ...pick([{ credential: "first", credentialIndex: "00000000000000a1" }, { credential: "second", credentialIndex: "00000000000000a2" }]),
      modelAsked: model,
      modelUpstream: `${model}-2026`,
      outcome,
      status: outcome === "succeeded" ? 200 : 500,
      ...(outcome === "failed" && { failure: "overloaded" as const }),
      ...(random() < 0.9 && { usage: { inputFresh: below(1000), ...(random() < 0.5 && { cacheRead: below(500) }), cacheWrite: below(3) * 10, toolPrompt: below(2), outputVisible: below(300), reasoning: below(2) * 40, ...(random() < 0.2 && { estimated: true }) } }),
      ...(random() < 0.8 && { costNanoUsd: below(2_000_000_000) }),
    });
  });
}
