import { outputTotal, type GenerateRequest, type Usage } from "@dragoman/core";
import { requestTokens } from "../counting/request-tokens.ts";
import type { ReplyFacts } from "./ledger.ts";

/** What an answer told of itself, with an estimate, marked as such, of the tokens that its vendor did not count. */
export function countedFacts(facts: ReplyFacts, request: GenerateRequest, said: number): ReplyFacts {
  return facts.usage === undefined ? { ...facts, usage: { inputFresh: requestTokens(request), outputVisible: said, estimated: true } } : facts;
}

/** The same for an answer that broke off, or whose client left: the vendor's count, if there is any, stops before it. */
export function brokenFacts(facts: ReplyFacts, request: GenerateRequest, said: number): ReplyFacts {
  const { usage } = facts;
  if (usage === undefined || said <= outputTotal(usage)) return countedFacts(facts, request, said);
  const { native: _told, ...counted } = usage;
  const atLeast: Usage = { ...counted, outputVisible: said - (usage.reasoning ?? 0), estimated: true };
  return { ...facts, usage: atLeast };
}
