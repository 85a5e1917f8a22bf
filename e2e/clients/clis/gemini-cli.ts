import type { Cli, Site } from "../cli.ts";
import { LOGIN_MODEL } from "../clients-world.ts";

const settings = (selectedType: string): Readonly<Record<string, string>> => ({
  ".gemini/settings.json": JSON.stringify({
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    security: { auth: { selectedType } },
  }),
});

const argumentsOf = ({ model, prompt, resumes }: Site): readonly string[] => [...(resumes === true ? ["--resume", "latest"] : []), "-p", prompt, "--model", model, "--yolo", "--skip-trust"];

/** Settings: geminicli.com/docs/reference/configuration (read 2026-11). */
export const geminiCli: Cli = {
  name: "Gemini CLI",
  dialect: "gemini-generate-content",
  package: "@google/gemini-cli",
  version: "0.61.0",
  entry: "bundle/gemini.js",
  // Each result stands twice in the history of a session that goes on; Google wants as many results as calls (seen with 0.61, 2026-11).
  resumesBadlyWith: "gemini-generate-content",
  files: () => settings("gemini-api-key"),
  invocation: (site) => ({ args: argumentsOf(site), env: { GOOGLE_GEMINI_BASE_URL: site.origin, GEMINI_API_KEY: site.apiKey } }),
};

/** The same program as it runs with a Google login: it speaks to Code Assist, and shows the gateway's key as its access token. */
export const geminiCliWithLogin: Cli = {
  ...geminiCli,
  name: "Gemini CLI with login",
  dialect: "gemini-code-assist",
  models: { "gemini-generate-content": LOGIN_MODEL },
  files: () => settings("oauth-personal"),
  invocation: (site) => ({ args: argumentsOf(site), env: { CODE_ASSIST_ENDPOINT: site.origin, GOOGLE_GENAI_USE_GCA: "true", GOOGLE_CLOUD_ACCESS_TOKEN: site.apiKey } }),
};
