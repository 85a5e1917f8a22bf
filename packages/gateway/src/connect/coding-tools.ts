import { claudeCode } from "./claude-code.ts";
import type { Client } from "./client.ts";
import { codex } from "./codex.ts";
import { geminiCli, geminiCliWithLogin } from "./gemini-cli.ts";
import { modelFor } from "./recipe.ts";

/** Tools of the terminal. The first five are those that the trials in `e2e/clients` run. */
export const codingTools: readonly Client[] = [
  claudeCode,
  codex,
  geminiCli,
  geminiCliWithLogin,
  {
    // qwenlm.github.io/qwen-code-docs/en/users/configuration/settings and …/model-providers (read 2026-11; tried with 0.24.4)
    id: "qwen-code", alsoCalled: ["qwen"], name: "Qwen Code", homepage: "https://github.com/QwenLM/qwen-code", dialect: "openai-chat", npm: "@qwen-code/qwen-code",
    roles: { small: "prompt suggestions" },
    start: {
      command: "qwen",
      environment: ({ url, key, model }) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, OPENAI_MODEL: model }),
      arguments: ({ model }) => ["--auth-type", "openai", "--model", model],
    },
    files: [{
      title: "For good: a model with a key variable of its own, so that an OPENAI_API_KEY of the shell is not in the way",
      place: { home: ".qwen/settings.json", directory: { variable: "QWEN_HOME", below: "settings.json" }, project: ".qwen/settings.json" },
      format: "json",
      puts: (setting) => [
        { path: ["modelProviders", "openai", { member: "id", is: setting.model }], value: { id: setting.model, name: setting.model, baseUrl: `${setting.url}/v1`, envKey: "DRAGOMAN_API_KEY" } },
        ...(setting.roles?.small === undefined || setting.roles.small === setting.model ? [] : [
          { path: ["modelProviders", "openai", { member: "id", is: setting.roles.small }], value: { id: setting.roles.small, name: setting.roles.small, baseUrl: `${setting.url}/v1`, envKey: "DRAGOMAN_API_KEY" } },
          { path: ["fastModel"], value: setting.roles.small },
        ]),
        { path: ["env", "DRAGOMAN_API_KEY"], value: setting.key, isKey: true },
        { path: ["security", "auth", "selectedType"], value: "openai" },
        { path: ["model", "name"], value: setting.model },
      ],
    }],
  },
  {
    // opencode.ai/docs/config and opencode.ai/docs/providers (custom provider; read 2026-11)
    id: "opencode", name: "OpenCode", homepage: "https://opencode.ai", dialect: "openai-chat", npm: "opencode-ai",
    roles: { small: "titles of sessions" },
    start: { command: "opencode", environment: (setting) => ({ OPENCODE_CONFIG_CONTENT: JSON.stringify(openCode(setting)) }) },
    files: [{
      title: "A provider of its own",
      place: { home: ".config/opencode/opencode.json", orElse: ["opencode.jsonc", "config.json"], variable: "OPENCODE_CONFIG", directory: { variable: "XDG_CONFIG_HOME", below: "opencode/opencode.json" }, project: "opencode.json" },
      format: "json",
      puts: (setting) => {
        const { provider, model, small_model } = openCode(setting);
        const { options, ...rest } = provider.dragoman;
        return [
          { path: ["$schema"], value: "https://opencode.ai/config.json", onlyIfMissing: true },
          { path: ["provider", "dragoman", "npm"], value: rest.npm },
          { path: ["provider", "dragoman", "name"], value: rest.name },
          { path: ["provider", "dragoman", "options", "baseURL"], value: options.baseURL },
          { path: ["provider", "dragoman", "options", "apiKey"], value: options.apiKey, isKey: true },
          ...Object.entries(rest.models).map(([id, value]) => ({ path: ["provider", "dragoman", "models", id], value })),
          { path: ["model"], value: model },
          { path: ["small_model"], value: small_model },
        ];
      },
    }],
  },
  {
    // aider.chat/docs/config/aider_conf.html and aider.chat/docs/llms/openai-compat.html (read 2026-11): AIDER_… variables go over its files
    id: "aider", name: "Aider", homepage: "https://aider.chat", dialect: "openai-chat",
    roles: { small: "commit messages and summaries" },
    start: {
      command: "aider",
      environment: (setting) => ({
        AIDER_OPENAI_API_BASE: `${setting.url}/v1`, AIDER_OPENAI_API_KEY: setting.key,
        AIDER_MODEL: `openai/${setting.model}`, AIDER_WEAK_MODEL: `openai/${modelFor(setting, "small")}`,
      }),
    },
    files: [{
      title: "For good", place: { home: ".aider.conf.yml", project: ".aider.conf.yml" }, format: "yaml",
      puts: (setting) => [
        { path: ["openai-api-base"], value: `${setting.url}/v1` },
        { path: ["openai-api-key"], value: setting.key, isKey: true },
        { path: ["model"], value: `openai/${setting.model}` },
        { path: ["weak-model"], value: `openai/${modelFor(setting, "small")}` },
      ],
    }],
  },
];

interface OpenCodeSettings {
  readonly provider: { readonly dragoman: { readonly npm: string; readonly name: string; readonly options: { readonly baseURL: string; readonly apiKey: string }; readonly models: Readonly<Record<string, { readonly name: string }>> } };
  readonly model: string;
  readonly small_model: string;
}

function openCode(setting: Parameters<typeof modelFor>[0]): OpenCodeSettings {
  const small = modelFor(setting, "small");
  return {
    provider: {
      dragoman: {
        npm: "@ai-sdk/openai-compatible", name: "Dragoman",
        options: { baseURL: `${setting.url}/v1`, apiKey: setting.key },
        models: Object.fromEntries([setting.model, small].map((id) => [id, { name: id }])),
      },
    },
    model: `dragoman/${setting.model}`,
    small_model: `dragoman/${small}`,
  };
}
