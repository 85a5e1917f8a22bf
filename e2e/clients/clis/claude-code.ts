import type { Cli } from "../cli.ts";

/** Settings by environment: code.claude.com/docs/en/settings (read 2026-11). */
export const claudeCode: Cli = {
  name: "Claude Code",
  dialect: "anthropic-messages",
  package: "@anthropic-ai/claude-code",
  version: "2.1.329",
  entry: "cli-wrapper.cjs",
  invocation: ({ origin, apiKey, model, prompt, home, resumes }) => ({
    args: [...(resumes === true ? ["-c"] : []), "-p", prompt, "--model", model, "--dangerously-skip-permissions"],
    env: {
      CLAUDE_CONFIG_DIR: `${home}/.claude`,
      ANTHROPIC_BASE_URL: origin,
      ANTHROPIC_AUTH_TOKEN: apiKey,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      DISABLE_AUTOUPDATER: "1",
      // Without it, root may not skip permissions.
      IS_SANDBOX: "1",
      // Thoughts are asked for on models of any name, so that sealed reasoning makes the round trip.
      MAX_THINKING_TOKENS: "2048",
    },
  }),
};
