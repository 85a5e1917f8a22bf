import type { CallObserver } from "./call-observer.ts";

/** Who wants to be told of what, worked out once: most observers care for a part only, and each request asks for all. */
export type GatheredObservers = { readonly [Event in keyof CallObserver]-?: readonly Required<Pick<CallObserver, Event>>[] };

export function gatherObservers(observers: readonly CallObserver[]): GatheredObservers {
  const telling = <Event extends keyof CallObserver>(event: Event): GatheredObservers[Event] =>
    observers.filter((observer): observer is CallObserver & Required<Pick<CallObserver, Event>> => observer[event] !== undefined) as unknown as GatheredObservers[Event];
  return {
    requestBegan: telling("requestBegan"), attemptBegan: telling("attemptBegan"), answerBegan: telling("answerBegan"),
    attemptEnded: telling("attemptEnded"), requestEnded: telling("requestEnded"), requestRefused: telling("requestRefused"),
  };
}
