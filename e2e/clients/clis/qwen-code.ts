import type { Cli } from "../cli.ts";

/** Settings: qwenlm.github.io/qwen-code-docs (read 2026-11). */
export const qwenCode: Cli = {
  name: "Qwen Code",
  dialect: "openai-chat",
  package: "@qwen-code/qwen-code",
  version: "0.24.4",
  entry: "cli-entry.js",
  files: () => ({
    ".qwen/settings.json": JSON.stringify({
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      // Else it keeps images from models whose names it does not know.
      model: { generationConfig: { modalities: { image: true } } },
      security: { auth: { selectedType: "openai" } },
    }),
  }),
  invocation: ({ origin, apiKey, model, prompt, resumes }) => ({
    args: [...(resumes === true ? ["--continue"] : []), "-p", prompt, "--model", model, "--auth-type", "openai", "--yolo"],
    env: { OPENAI_BASE_URL: `${origin}/v1`, OPENAI_API_KEY: apiKey, OPENAI_MODEL: model },
  }),
};
