import type { Client } from "./client.ts";
import { modelFor, type Setting } from "./recipe.ts";

/** What is typed into a page of settings. */
const fields = (rows: readonly (readonly [label: string, value: string])[]): string => rows.map(([label, value]) => `${label}: ${value}`).join("\n");

const compatible = ({ url, key, model }: Setting): string => fields([["API Provider", "OpenAI Compatible"], ["Base URL", `${url}/v1`], ["API Key", key], ["Model ID", model]]);

/** The name under which models are listed in an editor. */
const NAME = "Dragoman";
const SMALL = "Dragoman, small";

/** Editors, and assistants inside of them. */
export const editors: readonly Client[] = [
  {
    // docs.cline.bot/provider-config/openai-compatible (read 2026-11): settings and keys are in the editor's own storage
    id: "cline", name: "Cline", homepage: "https://cline.bot", dialect: "openai-chat",
    byHand: (setting) => [{ title: "In Cline's settings", language: "text", text: compatible(setting) }],
  },
  {
    id: "roo-code", alsoCalled: ["roo"], name: "Roo Code", homepage: "https://roocode.com", dialect: "openai-chat",
    byHand: (setting) => [{ title: "In Roo's settings, under Providers", language: "text", text: compatible(setting) }],
  },
  {
    // docs.continue.dev/reference and docs.continue.dev/yaml-migration (read 2026-11): where there is a config.yaml, config.json is not read
    id: "continue", name: "Continue", homepage: "https://continue.dev", dialect: "openai-chat",
    roles: { small: "completion while typing" },
    beware: ["Where there is a config.yaml, Continue does not read a config.json."],
    files: [{
      title: "A model of its own", format: "yaml",
      place: { home: ".continue/config.yaml", directory: { variable: "CONTINUE_GLOBAL_DIR", below: "config.yaml" } },
      puts: (setting) => [
        { path: ["name"], value: "My Config", onlyIfMissing: true },
        { path: ["version"], value: "0.0.1", onlyIfMissing: true },
        { path: ["schema"], value: "v1", onlyIfMissing: true },
        ...continueModel(setting, { name: NAME, model: setting.model, roles: ["chat", "edit", "apply"] }),
        ...(setting.roles?.small === undefined ? [] : continueModel(setting, { name: SMALL, model: setting.roles.small, roles: ["autocomplete"] })),
      ],
    }],
  },
  {
    id: "cursor", name: "Cursor", homepage: "https://cursor.com", dialect: "openai-chat",
    byHand: ({ url, key, model }) => [{
      title: "In Cursor's settings, under Models. Requests come from Cursor's servers, so the address must be reachable from the internet", language: "text",
      text: fields([["OpenAI API Key", key], ["Override OpenAI Base URL", `${url}/v1`], ["Add model", model]]),
    }],
  },
  {
    // zed.dev/docs/ai/use-api-access (read 2026-11): keys stand in the key chain or in a variable named for the provider
    id: "zed", name: "Zed", homepage: "https://zed.dev", dialect: "openai-chat",
    roles: { small: "titles and commit messages" },
    start: { command: "zed", environment: ({ key }) => ({ DRAGOMAN_API_KEY: key }) },
    files: [{
      title: "A provider of its own; `max_tokens` is the model's context window", format: "json",
      place: { home: ".config/zed/settings.json", appData: "Zed/settings.json", directory: { variable: "XDG_CONFIG_HOME", below: "zed/settings.json" } },
      puts: (setting) => {
        const small = modelFor(setting, "small");
        return [
          { path: ["language_models", "openai_compatible", NAME, "api_url"], value: `${setting.url}/v1` },
          ...[...new Set([setting.model, small])].map((model) => ({
            path: ["language_models", "openai_compatible", NAME, "available_models", { member: "name", is: model }],
            value: { name: model, display_name: model, max_tokens: 200_000, capabilities: { tools: true, images: true, parallel_tool_calls: true, prompt_cache_key: false } },
          })),
          { path: ["agent", "default_model"], value: { provider: NAME, model: setting.model } },
          ...(small === setting.model ? [] : [{ path: ["agent", "thread_summary_model"], value: { provider: NAME, model: small } }, { path: ["agent", "commit_message_model"], value: { provider: NAME, model: small } }]),
        ];
      },
    }],
    byHand: ({ key }) => [{ title: "The key, in the agent's settings under LLM Providers; or start Zed with it in the variable DRAGOMAN_API_KEY", language: "text", text: fields([[NAME, key]]) }],
  },
];

interface ContinueModel {
  readonly name: string;
  readonly model: string;
  readonly roles: readonly string[];
}

function continueModel({ url, key }: Setting, { name, model, roles }: ContinueModel): ReturnType<NonNullable<Client["files"]>[number]["puts"]> {
  const item = { member: "name", is: name };
  return [
    { path: ["models", item, "name"], value: name },
    { path: ["models", item, "provider"], value: "openai" },
    { path: ["models", item, "model"], value: model },
    { path: ["models", item, "apiBase"], value: `${url}/v1` },
    { path: ["models", item, "apiKey"], value: key, isKey: true },
    { path: ["models", item, "roles"], value: roles, onlyIfMissing: true },
  ];
}
