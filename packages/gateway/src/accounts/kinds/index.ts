import type { AccountKind } from "../account-kind.ts";
import { claude } from "./claude.ts";

/** The kinds of accounts that come with the gateway. */
export const ACCOUNT_KINDS: readonly AccountKind[] = [claude];
