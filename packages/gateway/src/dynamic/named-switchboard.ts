import type { ModelInfo } from "@dragoman/core";
import type { Service } from "../routing/service.ts";
import type { Credential } from "../credentials/credential.ts";
import { soleSwitchboard } from "../routing/sole-switchboard.ts";
import type { ModelTarget, RouteQuestion, Switchboard } from "../routing/switchboard.ts";

export interface NamedSeat {
  readonly service: Service;
  readonly credential: Credential;
  /** What the path says goes over what the request says; absent: the request's own. */
  readonly model: string | undefined;
  /** Epoch ms. */
  readonly now: number;
}

/** One seat for one request, and nothing that outlives it: strangers name as many hosts as they like. */
export function namedSwitchboard({ service, credential, model, now }: NamedSeat, base: Switchboard): Switchboard {
  let sole: Switchboard | undefined;
  const seat = (asked: string): Switchboard => (sole ??= soleSwitchboard({
    service, credential, base,
    // Replies say the name that the client knows.
    model: { name: asked, upstreamModel: model ?? asked, forceMapping: model !== undefined && model !== asked },
    told: () => undefined,
  }));
  const listed: readonly ModelInfo[] = model === undefined ? catalogueOf(service, now) : [{ id: model, ownedBy: service.ownedBy, created: Math.floor(now / 1000) }];
  return {
    plan: (question: RouteQuestion) => seat(question.model).plan(question),
    select: (plan, question) => seat(question.model).select(plan, question),
    waitMs: () => undefined,
    unavailable: (plan) => seat(plan.routeName).unavailable(plan),
    report: () => undefined,
    listModels: () => listed,
    findModel: (name) => listed.find(({ id }) => id === name),
    targetsOf: (asked): readonly ModelTarget[] => service.upstreams.map(({ name, provider }) => ({ provider: provider.id, upstream: name, model: model ?? asked })),
  };
}

function catalogueOf({ catalogue, ownedBy }: Service, now: number): readonly ModelInfo[] {
  return catalogue.map((model) => ({ ...model, ownedBy, created: model.created ?? Math.floor(now / 1000) }));
}
