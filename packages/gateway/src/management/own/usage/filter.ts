import type { z } from "zod";
import { OfficeError } from "../../office.ts";
import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import type { UsageFilter } from "../../../usage/query.ts";
import type { usageOperations } from "../../contract/usage.ts";
import type { Names } from "./names.ts";

/** What all usage queries may ask for. */
export type FilterQuery = Omit<z.infer<NonNullable<typeof usageOperations.usageRecordsCsv.query>>, "outcome">;

export function filterOf(query: FilterQuery, names: Names): UsageFilter {
  const { from, to, user, key, principal, provider, credential, model, dialect } = query;
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(user !== undefined && { userIds: names.userIds(user) }),
    ...(key !== undefined && { keyIds: names.keyIds(key) }),
    ...(principal !== undefined && { principals: principal }),
    ...(provider !== undefined && { providers: provider }),
    ...(credential !== undefined && { credentials: credential }),
    ...(model !== undefined && { models: model }),
    ...(dialect !== undefined && { dialects: dialect }),
  };
}

type Outcome = AttemptRecord["outcome"];
const OUTCOMES: readonly string[] = ["succeeded", "failed", "cancelled"] satisfies readonly Outcome[];

/** @throws OfficeError 400 */
export function outcomesOf(words: readonly string[] | undefined): readonly Outcome[] | undefined {
  const wrong = words?.find((word) => !OUTCOMES.includes(word));
  if (wrong !== undefined) throw new OfficeError(400, { error: `outcome: expected any of ${OUTCOMES.join(", ")}`, path: "outcome", in: "query" });
  return words as readonly Outcome[] | undefined;
}
