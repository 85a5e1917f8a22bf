import type { Cli } from "../cli.ts";

/** Settings: geminicli.com/docs/reference/configuration (read 2026-11). */
export const geminiCli: Cli = {
  name: "Gemini CLI",
  dialect: "gemini-generate-content",
  package: "@google/gemini-cli",
  version: "0.61.0",
  entry: "bundle/gemini.js",
  // Each result stands twice in the history of a session that goes on; Google wants as many results as calls (seen with 0.61, 2026-11).
  resumesBadly: true,
  files: () => ({
    ".gemini/settings.json": JSON.stringify({
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      security: { auth: { selectedType: "gemini-api-key" } },
    }),
  }),
  invocation: ({ origin, apiKey, model, prompt, resumes }) => ({
    args: [...(resumes === true ? ["--resume", "latest"] : []), "-p", prompt, "--model", model, "--yolo", "--skip-trust"],
    env: { GOOGLE_GEMINI_BASE_URL: origin, GEMINI_API_KEY: apiKey },
  }),
};
