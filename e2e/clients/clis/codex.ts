import type { Cli } from "../cli.ts";

/** Settings: developers.openai.com/codex/config-reference (read 2026-11). */
export const codex: Cli = {
  name: "Codex CLI",
  dialect: "openai-responses",
  package: "@openai/codex",
  version: "0.169.0",
  entry: "bin/codex.js",
  files: ({ origin, apiKey, model }) => ({
    ".codex/config.toml": [
      `model = ${JSON.stringify(model)}`,
      'model_provider = "dragoman"',
      'model_reasoning_effort = "medium"',
      'model_reasoning_summary = "auto"',
      "check_for_update_on_startup = false",
      "",
      "[model_providers.dragoman]",
      'name = "Dragoman"',
      `base_url = ${JSON.stringify(`${origin}/v1`)}`,
      `experimental_bearer_token = ${JSON.stringify(apiKey)}`,
      'wire_api = "responses"',
      "request_max_retries = 0",
      "stream_max_retries = 0",
      "",
      "[analytics]",
      "enabled = false",
      "",
      "[otel]",
      'exporter = "none"',
      "",
    ].join("\n"),
  }),
  invocation: ({ apiKey, home, model, prompt, resumes }) => ({
    args: ["exec", ...(resumes === true ? ["resume", "--last"] : []), "--model", model, "--dangerously-bypass-approvals-and-sandbox", "--skip-git-repo-check", prompt],
    env: { CODEX_HOME: `${home}/.codex`, DRAGOMAN_API_KEY: apiKey },
  }),
};
