// The same service answers at several addresses; where one has no room, another may.
import type { UpstreamFetch } from "../../../ports.ts";
import type { AccountFacts } from "../../account-kind.ts";
import type { KindSettings } from "../../kind-settings.ts";
import { hasNoCapacity } from "./failures.ts";

/** Longer bodies are no errors of this kind. Characters. */
const MAX_ERROR = 65_536;

/** An address of the account's or the operator's own stands for all. Without trailing slashes. */
export function basesOf(facts: AccountFacts, settings: KindSettings): readonly string[] {
  const own = facts.baseUrl ?? settings.baseUrl;
  const bases = own !== undefined ? [own] : Array.isArray(settings.options?.bases) ? settings.options.bases : [];
  return bases.flatMap((base) => (typeof base === "string" ? [base.replace(/\/+$/, "")] : []));
}

/**
 * Asks the next base after a network error, a 429 or a 503 without capacity. For the gateway all of it is one attempt;
 * what the last one said counts.
 */
export function overBases(bases: readonly string[], network: UpstreamFetch): UpstreamFetch {
  return async (url, init) => {
    const [first = "", ...others] = bases;
    const path = url.startsWith(first) ? url.slice(first.length) : undefined;
    let reply = await trial(() => network(url, init), init.signal);
    for (const base of path === undefined ? [] : others) {
      if (!reply.isWorthAnother) break;
      const next = await trial(() => network(base + (path ?? ""), init), init.signal);
      reply = next.response === undefined && reply.response !== undefined ? reply : next;
    }
    if (reply.response === undefined) throw reply.error;
    return reply.response;
  };
}

interface Trial {
  readonly response?: Response;
  readonly error?: unknown;
  readonly isWorthAnother: boolean;
}

async function trial(ask: () => Promise<Response>, signal: AbortSignal | undefined): Promise<Trial> {
  try {
    const response = await ask();
    if (response.status !== 429 && response.status !== 503) return { response, isWorthAnother: false };
    const body = (await response.text()).slice(0, MAX_ERROR);
    const again = new Response(body, { status: response.status, headers: response.headers });
    return { response: again, isWorthAnother: response.status === 429 || hasNoCapacity(response.status, body) };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { error, isWorthAnother: true };
  }
}
