import { BEARER, defineProvider, isJsonObject, providerOfId, type CatalogueModel, type Json, type JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import { defineAccountKind, type AccountKind, type AccountVisit } from "../../account-kind.ts";
import { addressed } from "../../addressed.ts";
import { endpointOf } from "../../kind-settings.ts";
import type { BrowserLogin } from "../../login/login-flow.ts";
import type { QuotaWindow } from "../../quota.ts";
import { storedTime } from "../../stored-times.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { askCodeAssist } from "../google/code-assist.ts";
import { fillInProject, isCount, withProject } from "../google/fill-in-project.ts";
import { exchangeGoogleCode, googleAuthorizeUrl, googleEmail, renewGoogle } from "../google/google-login.ts";
import { geminiCliLogin } from "./found-login.ts";
import { chooseProjects, setUp } from "./project-choice.ts";
import { geminiAccount, readGeminiFile, renewedMembers } from "./stored-file.ts";
import { textOf } from "../../stored-json.ts";

const model = (id: string, displayName: string, created: number): CatalogueModel => ({ id, displayName, created, contextTokens: 1_048_576, maxOutputTokens: 65_536 });

const BASE_URL = "https://cloudcode-pa.googleapis.com";
const MODEL_API = "gemini-generate-content";

const provider = defineProvider({
  id: "gemini-cli", telemetryName: "gcp.gemini", name: "Gemini Code Assist",
  baseUrl: BASE_URL,
  dialects: { "gemini-code-assist": {} },
  auth: BEARER,
  capabilities: { firstParty: true, validatedMode: true },
  ...(providerOfId("google")?.models !== undefined && { models: providerOfId("google")?.models }),
  catalogue: [
    model("gemini-2.5-pro", "Gemini 2.5 Pro", 1_750_118_400),
    model("gemini-2.5-flash", "Gemini 2.5 Flash", 1_750_118_400),
    model("gemini-2.5-flash-lite", "Gemini 2.5 Flash Lite", 1_753_142_400),
    model("gemini-3-pro-preview", "Gemini 3 Pro Preview", 1_737_158_400),
    model("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", 1_771_459_200),
    model("gemini-3-flash-preview", "Gemini 3 Flash Preview", 1_765_929_600),
    model("gemini-3.1-flash-lite-preview", "Gemini 3.1 Flash Lite Preview", 1_776_288_000),
  ],
});

const login: BrowserLogin = {
  type: "browser",
  callback: { port: 8085, path: "/oauth2callback", anyPort: true },
  webPath: "/google/callback",
  authorizeUrl: (question, { settings }) => googleAuthorizeUrl(question, settings),
  async exchange(answer, visit) {
    const tokens = await exchangeGoogleCode(answer, visit);
    const email = await googleEmail(tokens.accessToken, visit);
    if (email === undefined) throw new AccountError("malformed", "Google did not tell the address of this account");
    const choice = await chooseProjects(visit.options.project_id, tokens.accessToken, visit);
    return geminiAccount({ tokens, email, choice }, visit.settings);
  },
};

/**
 * A Google account with Gemini Code Assist, as Gemini CLI uses it: the models of the Gemini API within an envelope that
 * names a project. A file with several projects is several seats, which share one token and rest apart.
 *
 * Google asks for no identity of the program; ours is `dragoman`. Gemini CLI says `GeminiCLI/<version>/<model> (<os>;
 * <arch>; terminal)` in `User-Agent` and `google-genai-sdk/<version> gl-node/<version>` in `X-Goog-Api-Client`
 * (2026-06); an operator who needs them sets `user-agent` and `headers`.
 */
export const geminiCli: AccountKind = defineAccountKind({
  name: "gemini-cli",
  types: ["gemini", "gemini-cli"],
  title: "Gemini Code Assist (Google account)",
  terms: "Google offers Gemini Code Assist to its own programs and plug-ins; using its login elsewhere may break Google's terms and cost you the account.",
  defaults: {
    clientId: "681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com",
    endpoints: {
      authorize: "https://accounts.google.com/o/oauth2/auth", token: "https://oauth2.googleapis.com/token",
      userinfo: "https://www.googleapis.com/oauth2/v1/userinfo?alt=json",
      "code-assist": BASE_URL,
      projects: "https://cloudresourcemanager.googleapis.com/v1/projects", services: "https://serviceusage.googleapis.com",
    },
    scopes: [
      "https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile",
    ],
    callbackPort: 8085,
  },
  needs: [{
    key: "client-secret",
    isNeeded: ({ values }) => values?.clientSecret === undefined,
    where: "Gemini CLI publishes it in its npm packages @google/gemini-cli-core and @google/gemini-cli (it begins with GOCSPX)",
    program: { npmPackage: "@google/gemini-cli", pattern: /["'`](GOCSPX-[\w-]{20,})["'`]/ },
  }],
  logins: [login],
  loginChoices: [{ name: "project_id", label: "Google Cloud project", hint: "An id, several with commas between, ALL, GOOGLE_ONE for a personal account, or empty for the first one" }],
  found: [geminiCliLogin],
  previewModels: {},
  provider,
  read: readGeminiFile,
  renew: async (visit) => renewedMembers(visit.content, await renewGoogle(visit)),
  isIncomplete: ({ values, seats }) => values?.project === undefined && seats === undefined,
  async complete({ facts, settings, calls }) {
    const codeAssist = { baseUrl: endpointOf(settings, "code-assist"), accessToken: facts.accessToken ?? "", calls };
    return { project_id: await setUp(codeAssist, undefined, { tell: () => undefined }), auto: true };
  },
  patchBody: (body, { values, settings }) => (isCount(body) ? body : withProject(prefixed(body, settings.systemPrefix), values.project)),
  address: (request, visit) => addressed(request, visit, { body: fillInProject(request.body, visit.values.project) }),
  askQuota,
});

/** The operator's texts go into the inner request. */
function prefixed(body: JsonObject, texts: readonly string[] | undefined): JsonObject {
  return isJsonObject(body.request) ? { ...body, request: withSystemPrefix(body.request, MODEL_API, texts) } : body;
}

/** What is left of each model's daily requests, as Gemini CLI shows it (`/stats`, 0.34). @throws AccountError */
async function askQuota({ facts, settings, calls }: AccountVisit): Promise<readonly QuotaWindow[]> {
  const codeAssist = { baseUrl: endpointOf(settings, "code-assist"), accessToken: facts.accessToken ?? "", calls };
  const projects = facts.seats?.map(({ suffix }) => suffix) ?? [facts.values?.project ?? ""];
  const told = await Promise.all(projects.map(async (project) => ({ project, body: await askCodeAssist(codeAssist, "retrieveUserQuota", { project }) })));
  return told.flatMap(({ project, body }) => bucketsIn(body).map((bucket) => ({ ...bucket, name: projects.length > 1 ? `requests (${project})` : "requests" })));
}

function bucketsIn({ buckets }: JsonObject): readonly QuotaWindow[] {
  const list = Array.isArray(buckets) ? (buckets as readonly Json[]).filter(isJsonObject) : [];
  return list.flatMap(({ modelId, remainingFraction, resetTime }): QuotaWindow[] => {
    const modelName = textOf(modelId);
    const resetsAt = storedTime(resetTime);
    if (modelName === undefined || typeof remainingFraction !== "number") return [];
    return [{ name: "requests", model: modelName, usedShare: 1 - remainingFraction, exhausted: remainingFraction <= 0, ...(resetsAt !== undefined && { resetsAt }) }];
  });
}
