import type { FailureKind } from "@dragoman/core";
import type { Choice } from "../routing/switchboard.ts";

/** One thing that routing decided for a request, as plain values: the words are made when somebody reads them. */
export type Decision = { /** Epoch ms. */ readonly at: number } & (
  | { readonly kind: "routed"; readonly asked: string; readonly route: string; readonly maxRounds: number }
  | { readonly kind: "passed-over"; readonly credential: string; readonly model: string; readonly until: number; readonly reason?: FailureKind; readonly vendorAsked: boolean }
  | { readonly kind: "chosen"; readonly attempt: number; readonly provider: string; readonly credential: string; readonly model: string; readonly dialect: string; readonly choice?: Choice }
  | { readonly kind: "unfit"; readonly credential: string; readonly reason: string }
  | { readonly kind: "failed"; readonly attempt: number; readonly failure: FailureKind; readonly status: number; readonly message: string; readonly ends: boolean }
  | { readonly kind: "waiting"; readonly waitMs: number }
);

const CHOICES: Readonly<Record<Choice, string>> = {
  conversation: "the conversation was there before",
  turn: "its turn",
  "last-resort": "nobody else is free, and its pause was only a guess",
};

/** What a decision says to people. */
export function wordsOf(decision: Decision): string {
  switch (decision.kind) {
    case "routed":
      return decision.asked === decision.route ? `${decision.asked} is served` : `${decision.asked} is read as ${decision.route}`;
    case "passed-over":
      return `${decision.credential} is passed over for ${decision.model}: ${decision.reason ?? "failed"} before, pauses until ${new Date(decision.until).toISOString()}${decision.vendorAsked ? ", as its vendor asked" : ""}`;
    case "chosen":
      return `${decision.provider}, ${decision.credential}, ${decision.model} in ${decision.dialect}${decision.choice === undefined ? "" : `: ${CHOICES[decision.choice]}`}`;
    case "unfit":
      return `${decision.credential} cannot take it: ${decision.reason}`;
    case "failed":
      return `${decision.failure} (${decision.status}): ${decision.message}${decision.ends ? "; nobody else is asked" : ""}`;
    case "waiting":
      return `everybody pauses; waiting ${Math.round(decision.waitMs)} ms for the first`;
  }
}
