// Code Assist works for a Google Cloud project: which ones, and whether they are ready for it.
import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { AccountError, isAccountError } from "../../account-error.ts";
import { endpointOf } from "../../kind-settings.ts";
import type { LoginVisit } from "../../login/login-flow.ts";
import { tokenError } from "../../token-request.ts";
import { askCodeAssist, defaultTier, onboardUser, projectIn, type CodeAssist } from "../google/code-assist.ts";
import { textOf } from "../../stored-json.ts";

export interface ProjectChoice {
  /** Ids, at least one. */
  readonly projects: readonly string[];
  /** Several were asked for, even if one came of it. */
  readonly several: boolean;
  /** Nobody named it: it was the first, or Google's own choice. */
  readonly auto: boolean;
}

type ProjectVisit = Pick<LoginVisit, "settings" | "calls" | "tell">;

/** Product-independent words of the protocol: any client may say that it is none of those listed. */
const METADATA: JsonObject = { ideType: "IDE_UNSPECIFIED", platform: "PLATFORM_UNSPECIFIED", pluginType: "GEMINI" };
/** A tier of one's own project, where Google names no default. */
const LEGACY_TIER = "legacy-tier";

const ALL = "ALL";
const GOOGLE_ONE = "GOOGLE_ONE";

/**
 * Sets up Code Assist for the projects that a person named: an id, several with commas between, `ALL`, `GOOGLE_ONE` for
 * the project that Google keeps for personal accounts, or none for the first of the list.
 * @throws AccountError
 */
export async function chooseProjects(asked: string | undefined, accessToken: string, visit: ProjectVisit): Promise<ProjectChoice> {
  const codeAssist = codeAssistOf(accessToken, visit);
  const wish = asked?.trim() ?? "";
  if (wish.toUpperCase() === GOOGLE_ONE) return automatic(await setUp(codeAssist, undefined, visit));
  const listed = await listProjects(accessToken, visit, wish === "");
  if (wish === "") return automatic(await setUp(codeAssist, listed[0], visit));
  const wanted = wish.toUpperCase() === ALL ? listed : [...new Set(wish.split(",").map((id) => id.trim()).filter((id) => id !== ""))];
  const several = wish.toUpperCase() === ALL || wish.includes(",");
  if (wanted.length === 0) throw new AccountError("refused", "this account has no Google Cloud project");
  const unknown = wanted.filter((id) => !listed.includes(id));
  if (unknown.length > 0 && several) throw new AccountError("refused", `these are no projects of this account: ${unknown.join(", ")}`);
  if (unknown.length > 0) visit.tell(`${unknown.join(", ")} is not among the projects that Google lists; trying all the same`);
  const final: string[] = [];
  for (const id of wanted) final.push(await setUp(codeAssist, id, visit));
  const projects = [...new Set(final)];
  for (const id of projects) await switchOnApi(id, accessToken, visit);
  return { projects, several, auto: false };
}

function automatic(project: string): ProjectChoice {
  return { projects: [project], several: false, auto: true };
}

function codeAssistOf(accessToken: string, { settings, calls }: ProjectVisit): CodeAssist {
  return { baseUrl: endpointOf(settings, "code-assist"), accessToken, calls };
}

/** Asked without a wish, an account that may not list projects has none. @throws AccountError */
async function listProjects(accessToken: string, { settings, calls }: ProjectVisit, isOptional: boolean): Promise<readonly string[]> {
  const reply = await calls.get(endpointOf(settings, "projects"), { authorization: `Bearer ${accessToken}` });
  if (!reply.ok && isOptional && reply.status < 500) return [];
  if (!reply.ok) throw tokenError(reply, calls.now());
  const projects = Array.isArray(reply.body?.projects) ? (reply.body.projects as readonly Json[]).filter(isJsonObject) : [];
  return projects.filter(({ lifecycleState }) => lifecycleState === undefined || lifecycleState === "ACTIVE").flatMap(({ projectId }) => textOf(projectId) ?? []);
}

/**
 * Enrols the account, with a project or with the one that Google finds for it. @returns the project that it has now
 * @throws AccountError
 */
export async function setUp(codeAssist: CodeAssist, wanted: string | undefined, visit: Pick<ProjectVisit, "tell">): Promise<string> {
  visit.tell(wanted === undefined ? "setting up Code Assist" : `setting up Code Assist for ${wanted}`);
  const loaded = await askCodeAssist(codeAssist, "loadCodeAssist", { metadata: METADATA, ...(wanted !== undefined && { cloudaicompanionProject: wanted }) });
  const tierId = defaultTier(loaded) ?? LEGACY_TIER;
  const project = wanted ?? projectIn(loaded.cloudaicompanionProject);
  const found = project === undefined
    ? await onboardUser(codeAssist, { body: { tierId, metadata: METADATA }, pauseMs: 2000, tries: 15 })
    : await onboardUser(codeAssist, { body: { tierId, metadata: METADATA, cloudaicompanionProject: project }, pauseMs: 5000, tries: 60 });
  const final = projectIn(found?.cloudaicompanionProject) ?? project;
  if (found === undefined && project !== undefined) throw new AccountError("unavailable", `Google is still setting up ${project}`);
  if (final === undefined) throw new AccountError("refused", "Google found no project for this account: name one (project_id)");
  return final;
}

/** @throws AccountError when the project may not use the API */
async function switchOnApi(project: string, accessToken: string, { settings, calls, tell }: ProjectVisit): Promise<void> {
  const url = `${endpointOf(settings, "services")}/v1/projects/${encodeURIComponent(project)}/services/cloudaicompanion.googleapis.com`;
  const headers = { authorization: `Bearer ${accessToken}` };
  const state = await calls.get(url, headers);
  if (state.ok && state.body?.state === "ENABLED") return;
  tell(`switching on the Gemini for Google Cloud API in ${project}`);
  const enabled = await calls.json(`${url}:enable`, {}, headers);
  if (enabled.ok) return;
  const error = tokenError(enabled, calls.now());
  if (enabled.status === 400 && /already enabled/i.test(error.message)) return;
  throw new AccountError(isAccountError(error) ? error.reason : "refused", `project activation required: ${error.message}`);
}
