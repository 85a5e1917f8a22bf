import { capabilitiesOf } from "@dragoman/core";
import type { Credential } from "../credentials/credential.ts";
import type { HealthBook, ModelHealth } from "../credentials/health-book.ts";
import type { Candidate } from "./candidate.ts";
import type { Offer } from "./model-index.ts";

/** One way through a service: a dialect, and what is known about it. */
export interface Way {
  readonly dialect: string;
  readonly avoidWithTools: boolean;
  readonly candidate: Omit<Candidate, "credential">;
}

/** The ways of an offer; the same object for all of its credentials. */
export interface Ways {
  /** Equal for offers whose ways are equally good for the same client. */
  readonly kind: string;
  readonly list: readonly Way[];
  /** See `OfferedModel.previews`. */
  readonly previews: readonly string[];
}

/** One credential for one model: what a choice falls on. */
export interface Seat {
  readonly id: string;
  readonly credential: Credential;
  readonly weight: number;
  /** Further rounds in which it takes part. */
  readonly retries: number;
  readonly health: ModelHealth;
  readonly ways: Ways;
}

/** All seats behind a name, in the order of their credentials' ids, so that rotation is the same after every start. */
export function seatsOf(offers: readonly Offer[], book: HealthBook, globalRetries: number): Seat[] {
  const seats = offers.flatMap((offer) => {
    const ways = waysOf(offer);
    return offer.service.credentials.map((credential): Seat => ({
      id: seatId(credential.id, offer.model.upstreamModel),
      credential,
      weight: credential.weight,
      retries: credential.requestRetry ?? globalRetries,
      health: book.ofSeat(credential, offer.model.upstreamModel),
      ways,
    }));
  });
  const unlike = new Map(seats.map((seat) => [seat.id, seat]));
  // `sort` is stable: models of one pool stay in the order in which they were written.
  return [...unlike.values()].sort((a, b) => (a.credential.id < b.credential.id ? -1 : Number(a.credential.id > b.credential.id)));
}

export function seatId(credentialId: string, model: string): string {
  return `${credentialId}\n${model}`;
}

export function waysOf({ service, model }: Offer): Ways {
  const list = service.upstreams.map((upstream): Way => {
    const capabilities = { ...capabilitiesOf(upstream.provider, model.upstreamModel), ...service.capabilities, ...model.capabilities };
    const spoken = upstream.provider.dialects[upstream.dialect.id];
    return {
      dialect: upstream.dialect.id,
      avoidWithTools: spoken?.avoidWithTools?.(capabilities) ?? false,
      candidate: { upstream, model: model.upstreamModel, capabilities, forceMapping: model.forceMapping, ...(model.reasoning !== undefined && { reasoning: model.reasoning }) },
    };
  });
  return { kind: list.map((way) => `${way.dialect}${way.avoidWithTools ? "!" : ""}`).join("|"), list, previews: model.previews ?? [] };
}
