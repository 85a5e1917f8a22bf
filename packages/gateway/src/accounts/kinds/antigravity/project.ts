import type { JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import { endpointOf, type KindSettings } from "../../kind-settings.ts";
import type { VendorCalls } from "../../vendor-calls.ts";
import { askCodeAssist, defaultTier, onboardUser, projectIn } from "../google/code-assist.ts";
import { textOf } from "../../stored-json.ts";

export interface ProjectVisit {
  readonly accessToken: string;
  readonly settings: KindSettings;
  readonly calls: VendorCalls;
}

/** The account as its vendor knows it: project, tiers, credits. @throws AccountError */
export function loadAccount({ accessToken, settings, calls }: ProjectVisit): Promise<JsonObject> {
  return askCodeAssist({ baseUrl: endpointOf(settings, "code-assist"), accessToken, calls }, "loadCodeAssist", { metadata: { ideType: "ANTIGRAVITY" } });
}

/**
 * The project that requests are counted in; an account without one is enrolled. This method writes its members with
 * underscores.
 * @throws AccountError `refused` when there is none to be had
 */
export async function findProject(visit: ProjectVisit): Promise<string> {
  const { accessToken, settings, calls } = visit;
  const loaded = await loadAccount(visit);
  const known = projectOf(loaded);
  if (known !== undefined) return known;
  const version = settings.options?.["ide-version"];
  const response = await onboardUser({ baseUrl: endpointOf(settings, "onboarding"), accessToken, calls }, {
    body: {
      tier_id: defaultTier(loaded) ?? tierOf(loaded) ?? "free-tier",
      metadata: { ide_type: "ANTIGRAVITY", ...(typeof version === "string" && { ide_version: version }), ide_name: "antigravity" },
    },
    pauseMs: 2000,
    tries: 5,
  });
  const project = response === undefined ? undefined : projectOf(response);
  if (project === undefined) throw new AccountError("refused", "antigravity auth missing project_id: Google gave this account no project");
  return project;
}

function tierOf({ currentTier }: JsonObject): string | undefined {
  return projectIn(currentTier);
}

function projectOf(answer: JsonObject): string | undefined {
  return projectIn(answer.cloudaicompanionProject) ?? textOf(answer.projectId) ?? projectIn(answer.project);
}
