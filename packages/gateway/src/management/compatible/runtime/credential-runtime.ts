import { z } from "zod";
import { credentialAt, credentialsOf, type Placed } from "../../../routing/roster.ts";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { recentView } from "./recent-view.ts";
import { findLogin } from "./stored-login.ts";

const common = { tag: "Providers", auth: "management" as const };

const reset = defineOperation({
  ...common, id: "resetQuota", method: "POST", path: `${BASE}/reset-quota`, summary: "End all pauses of a credential",
  body: z.object({ auth_index: z.string().optional(), authIndex: z.string().optional(), AuthIndex: z.string().optional() }), invalidBody: "invalid request body",
  reply: z.object({ status: z.literal("ok"), auth_index: z.string(), models: z.array(z.string()) }), audit: "credential.reset",
  failures: { 400: "no index was given", 404: "there is no such credential" },
});

const keyUsage = defineOperation({
  ...common, id: "apiKeyUsage", method: "GET", path: `${BASE}/api-key-usage`, summary: "Recent requests of each configured key, by provider and `base-url|key`",
  reply: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))),
});

export const credentialRuntimeDesks: readonly Desk[] = [
  defineDesk(reset, async ({ office, body, note }) => {
    const index = (body.auth_index ?? body.authIndex ?? body.AuthIndex ?? "").trim();
    if (index === "") throw new OfficeError(400, "auth_index is required");
    const { roster } = office.engine.switchboard;
    const placed = credentialAt(roster, index);
    if (placed === undefined && !(await isStoredLogin(office, index))) throw new OfficeError(404, "auth not found");
    note(placed?.credential.label ?? index);
    const upstreamModels = placed === undefined ? [] : roster.reset(placed.credential.id);
    return { status: "ok" as const, auth_index: index, models: [...upstreamModels] };
  }),
  defineDesk(keyUsage, ({ office }) => usageByKey(office)),
];

/** Logins that are kept, but not used, have no pauses to end. */
async function isStoredLogin(office: Office, index: string): Promise<boolean> {
  const files = office.ports.authFiles;
  return files !== undefined && (await findLogin(files, (login) => login.index === index)) !== undefined;
}

function usageByKey(office: Office): Record<string, Record<string, Record<string, unknown>>> {
  const byProvider: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const placed of credentialsOf(office.engine.switchboard.roster)) {
    const { credential, service } = placed;
    if (credential.apiKey === undefined) continue;
    const keys = (byProvider[service.upstreams[0].name] ??= {});
    keys[placeOf(placed)] ??= recentView(office.recent.of(credential.index));
  }
  return byProvider;
}

function placeOf({ service, credential }: Placed): string {
  return `${service.upstreams[0].baseUrl}|${credential.apiKey ?? ""}`;
}
