import { GatewayError } from "@dragoman/core";
import type { Credential } from "../credentials/credential.ts";
import type { AttemptOutcome } from "../upstream/outcome.ts";
import type { RoutePlan } from "./candidate.ts";
import { bestWay } from "./route.ts";
import { waysOf } from "./seats.ts";
import type { OfferedModel, Service } from "./service.ts";
import type { Switchboard } from "./switchboard.ts";

export interface SoleSwitchboardOptions {
  readonly service: Service;
  readonly credential: Credential;
  readonly model: OfferedModel;
  /** For lists. */
  readonly base: Switchboard;
  /** How the attempt went, so that a credential that proved itself need not rest any longer. */
  told(outcome: AttemptOutcome): void;
}

/** Leads every request to one credential and one model, once. For trying a credential out. */
export function soleSwitchboard({ service, credential, model, base, told }: SoleSwitchboardOptions): Switchboard {
  const ways = waysOf({ service, model });
  const plan: RoutePlan = { routeName: model.name, maxRounds: 0 };
  let asked = false;
  return {
    plan: () => plan,
    select: (_plan, question) => ({
      next() {
        const way = asked ? undefined : bestWay(ways, question);
        asked = true;
        return way === undefined ? undefined : { ...way.candidate, credential };
      },
    }),
    waitMs: () => undefined,
    unavailable: () => new GatewayError("no_credential", { message: `${credential.label} was tried already` }),
    report: (_attempted, outcome) => told(outcome),
    listModels: () => base.listModels(),
    findModel: (name) => base.findModel(name),
  };
}
