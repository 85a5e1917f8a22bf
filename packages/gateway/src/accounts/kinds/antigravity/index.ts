import { BEARER, defineProvider, type JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import { defineAccountKind, type AccountFacts, type AccountKind } from "../../account-kind.ts";
import { addressed } from "../../addressed.ts";
import type { KindSettings } from "../../kind-settings.ts";
import type { BrowserLogin } from "../../login/login-flow.ts";
import { storedTokens } from "../../stored-tokens.ts";
import { tokenMembers, type TokenReply } from "../../token-request.ts";
import { fillInProject, isCount } from "../google/fill-in-project.ts";
import { exchangeGoogleCode, googleAuthorizeUrl, googleEmail, renewGoogle } from "../google/google-login.ts";
import { basesOf, overBases } from "./bases.ts";
import { CATALOGUE, MODELS } from "./catalogue.ts";
import { antigravityEnvelope, CREDITS } from "./envelope.ts";
import { readAntigravityFailure } from "./failures.ts";
import { findProject } from "./project.ts";
import { askQuotas } from "./quotas.ts";
import { textOf } from "../../stored-json.ts";

const DAILY = "https://daily-cloudcode-pa.googleapis.com";
const MAIN = "https://cloudcode-pa.googleapis.com";

const provider = defineProvider({
  id: "antigravity", telemetryName: "gcp.gemini", name: "Google Antigravity",
  baseUrl: DAILY,
  dialects: { "gemini-code-assist": {} },
  auth: BEARER,
  capabilities: { firstParty: true, validatedMode: true, requiresCallSeal: true, protoSchemaOnly: true, flattenUnions: true, schemaSafe: true, schemaBare: true },
  models: MODELS,
  catalogue: CATALOGUE,
  readFailure: readAntigravityFailure,
});

const login: BrowserLogin = {
  type: "browser",
  callback: { port: 51_121, path: "/oauth-callback", anyPort: true },
  webPath: "/antigravity/callback",
  authorizeUrl: (question, { settings }) => googleAuthorizeUrl(question, settings),
  async exchange(answer, visit) {
    const tokens = await exchangeGoogleCode(answer, visit);
    const email = await googleEmail(tokens.accessToken, visit);
    if (email === undefined) throw new AccountError("malformed", "Google did not tell the address of this account");
    visit.tell("looking for the project of this account");
    const project = await findProject({ accessToken: tokens.accessToken, settings: visit.settings, calls: visit.calls });
    return { file: `antigravity-${email}.json`, content: { type: "antigravity", ...storedMembers(tokens, visit.calls.now()), email, project_id: project } };
  },
};

/**
 * A Google account with Antigravity: Gemini and Claude models in a Code Assist envelope with members of its own.
 *
 * The vendor refuses newer models to programs whose `User-Agent` is older than its own `antigravity/hub/2.9.0 …`
 * (2026-08). We send `dragoman`; an operator who has settled that question with Google sets `user-agent`, and
 * `options.ide-version` for the enrolment of accounts without a project.
 *
 * Options: `bases` (addresses, tried in turn), `credits` (spend Google One AI credits when all else is used up),
 * `ide-version`.
 */
export const antigravity: AccountKind = defineAccountKind({
  name: "antigravity",
  types: ["antigravity"],
  title: "Google Antigravity",
  terms: "Google offers Antigravity's models to its own program; using its login elsewhere may break Google's terms and cost you the account.",
  defaults: {
    clientId: "1071006060591-tmhssin2h21lcre235vtolojh4g403ep.apps.googleusercontent.com",
    endpoints: {
      authorize: "https://accounts.google.com/o/oauth2/v2/auth", token: "https://oauth2.googleapis.com/token",
      userinfo: "https://www.googleapis.com/oauth2/v2/userinfo?alt=json",
      "code-assist": MAIN, onboarding: DAILY,
    },
    scopes: ["cloud-platform", "userinfo.email", "userinfo.profile", "cclog", "experimentsandconfigs"].map((scope) => `https://www.googleapis.com/auth/${scope}`),
    callbackPort: 51_121,
    options: { bases: [DAILY, MAIN], credits: false },
  },
  optionsIn: (config) => ({ credits: config["quota-exceeded"]["antigravity-credits"] }),
  needs: [{ key: "client-secret", where: "it is part of the Antigravity desktop application (it begins with GOCSPX)" }],
  renewLeadMs: 5 * 60_000,
  requestLeadMs: 3_000_000,
  logins: [login],
  provider,
  read,
  renew: async (visit) => {
    const tokens = await renewGoogle(visit);
    return storedMembers(tokens, visit.calls.now());
  },
  isIncomplete: ({ values }) => values?.project === undefined,
  complete: async ({ facts, settings, calls }) => ({ project_id: await findProject({ accessToken: facts.accessToken ?? "", settings, calls }) }),
  patchBody: (body, context) => (isCount(body) ? body : antigravityEnvelope(body, context)),
  address(request, visit) {
    const { values } = visit;
    return addressed(request, visit, {
      baseUrl: basesOf(visit.facts, visit.settings)[0],
      body: fillInProject(request.body, values.project),
      ...(values.userAgent !== undefined && { headers: { "user-agent": values.userAgent } }),
    });
  },
  connect: ({ facts, settings }, network) => overBases(basesOf(facts, settings), network),
  askQuota: askQuotas,
});

/** The end is `expired`, else `timestamp` (ms) and `expires_in` (s) together. */
function read(content: JsonObject, settings: KindSettings): AccountFacts {
  const tokens = storedTokens(content);
  const project = textOf(content.project_id);
  const userAgent = textOf(content.user_agent);
  const baseUrl = textOf(content.base_url)?.replace(/\/+$/, "");
  const expiresAt = tokens.expiresAt ?? (Number(content.timestamp) > 0 ? Number(content.timestamp) + Number(content.expires_in ?? 0) * 1000 : undefined);
  return {
    ...tokens,
    ...(expiresAt !== undefined && { expiresAt }),
    label: textOf(content.email) ?? "unnamed",
    values: { ...(project !== undefined && { project }), ...(userAgent !== undefined && { userAgent }) },
    ...(baseUrl !== undefined && { baseUrl }),
    ...(settings.options?.credits === true && { seats: [{ suffix: "", values: {} }, { suffix: CREDITS, values: { [CREDITS]: "yes" }, isLastResort: true }] }),
  };
}

function storedMembers(tokens: TokenReply, now: number): JsonObject {
  return {
    ...tokenMembers(tokens),
    ...(tokens.expiresAt !== undefined && { expires_in: Math.round((tokens.expiresAt - now) / 1000) }),
    timestamp: now,
  };
}
