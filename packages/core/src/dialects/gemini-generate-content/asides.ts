// Calls that Code Assist clients make beside generation: who am I, which tier, what may I do.
import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";

/** Stands for the project where a client names none; nothing is looked up by it. */
const PROJECT = "dragoman";

const TIER = { id: "standard-tier", name: "Dragoman", description: "Whatever the gateway serves.", isDefault: true };

const projectOf = (body: JsonObject): string => (typeof body.cloudaicompanionProject === "string" && body.cloudaicompanionProject !== "" ? body.cloudaicompanionProject : PROJECT);

/**
 * The answers, by verb: a client is set up with nothing to ask and nothing to report. What it tells about its use is
 * answered and thrown away. As Gemini CLI 0.61 asks them (2026-11).
 */
const ANSWERS: Readonly<Record<string, (body: JsonObject) => JsonObject>> = {
  loadCodeAssist: (body) => ({ currentTier: TIER, allowedTiers: [TIER], cloudaicompanionProject: projectOf(body), gcpManaged: false }),
  onboardUser: (body) => ({ name: "operations/dragoman", done: true, response: { cloudaicompanionProject: { id: projectOf(body), name: projectOf(body) } } }),
  getCodeAssistGlobalUserSetting: () => ({ cloudaicompanionProject: PROJECT, freeTierDataCollectionOptin: false }),
  setCodeAssistGlobalUserSetting: (body) => ({ cloudaicompanionProject: projectOf(body), freeTierDataCollectionOptin: false }),
  fetchAdminControls: () => ({ adminControlsApplicable: false }),
  retrieveUserQuota: () => ({ buckets: [] }),
  listExperiments: () => ({ experimentIds: [], flags: [] }),
  recordCodeAssistMetrics: () => ({}),
};

/** @returns `undefined` for a call that is not known */
export function answerAside(path: string, body: Json): JsonObject | undefined {
  const verb = path.slice(path.lastIndexOf(":") + 1);
  return Object.hasOwn(ANSWERS, verb) ? ANSWERS[verb]?.(isJsonObject(body) ? body : {}) : undefined;
}
