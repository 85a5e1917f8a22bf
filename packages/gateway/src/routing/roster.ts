import type { CooldownView } from "../credentials/cooldown-view.ts";
import type { Credential } from "../credentials/credential.ts";
import type { Offer } from "./model-index.ts";
import type { OfferedModel, Service } from "./service.ts";
import type { Switchboard } from "./switchboard.ts";

/** What the office sees of routing: who is there and how they fare. Nothing here is on the path of a request. */
export interface Roster {
  /** All of them, also those that are switched off. */
  services(): readonly Service[];
  /** Names that clients may use, and who answers to them. */
  offers(): ReadonlyMap<string, readonly Offer[]>;
  /** What a service offers, or would if it were on. */
  modelsOf(service: Service): readonly OfferedModel[];
  cooldowns(credentialId: string): readonly CooldownView[];
  /** Ends all pauses of a credential. @returns the models, by the upstream's names, that were blocked */
  reset(credentialId: string): readonly string[];
  /** A switchboard that knows one credential and one model, whatever is asked for and however long they should rest. */
  only(service: Service, credential: Credential, model: OfferedModel): Switchboard;
}

/** A credential and the service that it belongs to. */
export interface Placed {
  readonly service: Service;
  readonly credential: Credential;
  readonly disabled: boolean;
}

export function credentialsOf(roster: Roster): Placed[] {
  return roster.services().flatMap((service) => [
    ...service.credentials.map((credential): Placed => ({ service, credential, disabled: false })),
    ...(service.switchedOff ?? []).map((credential): Placed => ({ service, credential, disabled: true })),
  ]);
}

/** By what the management API calls `auth_index`. */
export function credentialAt(roster: Roster, index: string): Placed | undefined {
  return credentialsOf(roster).find(({ credential }) => credential.index === index);
}
