import type { AccountEnd, FailureKind, GatewayErrorShape } from "@dragoman/core";

/** What became of one attempt, in the words that routing acts on. */
export type AttemptOutcome =
  | { readonly type: "succeeded" }
  | {
      readonly type: "failed";
      readonly kind: FailureKind;
      readonly error: GatewayErrorShape;
      /** All models of the credential are affected. */
      readonly credentialWide?: boolean;
      /** The account behind the credential is over. */
      readonly end?: AccountEnd;
      /** The operator's word about it, over what the kind would mean: does the request end here, does the credential pause? */
      readonly verdict?: { readonly ends: boolean; readonly cools: boolean };
    };
