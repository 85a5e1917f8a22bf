import type { Client, Put } from "./client.ts";
import { modelFor, type Setting } from "./recipe.ts";

/** The variable that names the model for a role, where it has one. */
const ROLE_VARIABLES: Readonly<Record<string, string>> = { opus: "ANTHROPIC_DEFAULT_OPUS_MODEL", sonnet: "ANTHROPIC_DEFAULT_SONNET_MODEL", subagent: "CLAUDE_CODE_SUBAGENT_MODEL" };

/**
 * code.claude.com/docs/en/settings and …/llm-gateway (read 2026-11; tried with 2.1.329). What its files say under `env` goes over
 * the variables of the shell, so a start with other settings brings a file, too.
 */
export const claudeCode: Client = {
  id: "claude-code", alsoCalled: ["claude"], name: "Claude Code", homepage: "https://docs.claude.com/en/docs/claude-code", dialect: "anthropic-messages", npm: "@anthropic-ai/claude-code", takesHeaders: true,
  roles: { small: "small errands, such as titles", opus: "what /model opus means", sonnet: "what /model sonnet means", subagent: "its subagents" },
  start: {
    command: "claude",
    environment: (setting) => {
      const { ANTHROPIC_MODEL: _model, ...rest } = variables(setting);
      return rest;
    },
    arguments: ({ model }) => ["--model", model],
    scratch: { option: "--settings", content: (setting) => ({ env: variables(setting) }) },
  },
  files: [{
    title: "For good",
    place: { home: ".claude/settings.json", directory: { variable: "CLAUDE_CONFIG_DIR", below: "settings.json" }, project: ".claude/settings.local.json" },
    format: "json",
    puts: (setting) => [
      ...Object.entries(variables(setting)).map(([name, value]): Put => ({ path: ["env", name], value, ...(name === "ANTHROPIC_AUTH_TOKEN" && { isKey: true }) })),
      // Would be sent along with the gateway's key: another key of the user's, to somebody whom it does not concern.
      { path: ["env", "ANTHROPIC_API_KEY"] },
      { path: ["apiKeyHelper"] },
    ],
  }],
};

function variables(setting: Setting): Readonly<Record<string, string>> {
  const { url, key, model, roles = {}, headers = {} } = setting;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return {
    ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: model, ANTHROPIC_DEFAULT_HAIKU_MODEL: modelFor(setting, "small"),
    ...Object.fromEntries(Object.entries(ROLE_VARIABLES).flatMap(([role, name]) => (roles[role] === undefined ? [] : [[name, roles[role]]]))),
    ...(lines.length > 0 && { ANTHROPIC_CUSTOM_HEADERS: lines.join("\n") }),
  };
}
