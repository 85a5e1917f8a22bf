import { z } from "zod";
import { flag, live, patterns } from "./fields.ts";
import { requestScopedErrors } from "./provider-entry.ts";

const alias = z.strictObject({
  name: z.string().trim().default("").meta(live("Name in the built-in list.")),
  alias: z.string().trim().default("").meta(live("Name for clients.")),
  fork: flag(false).meta(live("Keep the original name as well.")),
  "force-mapping": flag(false).meta(live("Replies say the alias in their `model` field.")),
});

/** Models of stored logins, by provider. */
export const oauthShape = {
  "oauth-excluded-models": z.record(z.string(), patterns.unwrap()).default({}).meta(live("Models that logins of a provider do not offer.")),
  "oauth-model-alias": z.record(z.string(), z.array(alias)).default({}).meta(live("Other names for models of a provider's logins.")),
  "oauth-request-scoped-errors": z.record(z.string(), requestScopedErrors.unwrap()).default({}).meta(live("Rules for errors of a provider's logins.")),
};
