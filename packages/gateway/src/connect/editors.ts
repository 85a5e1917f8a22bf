import { json, quoted, type Recipe, type Setting } from "./recipe.ts";

/** What is typed into a page of settings. */
const fields = (rows: readonly (readonly [label: string, value: string])[]): string => rows.map(([label, value]) => `${label}: ${value}`).join("\n");

const compatible = ({ url, key, model }: Setting): string => fields([["API Provider", "OpenAI Compatible"], ["Base URL", `${url}/v1`], ["API Key", key], ["Model ID", model]]);

/** Editors, and assistants inside of them. */
export const editors: readonly Recipe[] = [
  {
    // docs.cline.bot/provider-config/openai-compatible (read 2026-11)
    id: "cline", name: "Cline", homepage: "https://cline.bot", dialect: "openai-chat",
    steps: (setting) => [{ title: "In Cline's settings", language: "text", text: compatible(setting) }],
  },
  {
    id: "roo-code", name: "Roo Code", homepage: "https://roocode.com", dialect: "openai-chat",
    steps: (setting) => [{ title: "In Roo's settings, under Providers", language: "text", text: compatible(setting) }],
  },
  {
    // docs.continue.dev/customize/model-providers/top-level/openai (read 2026-11)
    id: "continue", name: "Continue", homepage: "https://continue.dev", dialect: "openai-chat",
    steps: ({ url, key, model }) => [{
      title: "A model of its own", file: "~/.continue/config.yaml", language: "yaml",
      text: `name: My Config\nversion: 0.0.1\nschema: v1\nmodels:\n  - name: Dragoman\n    provider: openai\n    model: ${quoted(model)}\n    apiBase: ${quoted(`${url}/v1`)}\n    apiKey: ${quoted(key)}\n    roles: [chat, edit, apply]`,
    }],
  },
  {
    id: "cursor", name: "Cursor", homepage: "https://cursor.com", dialect: "openai-chat",
    steps: ({ url, key, model }) => [{
      title: "In Cursor's settings, under Models. Requests come from Cursor's servers, so the address must be reachable from the internet", language: "text",
      text: fields([["OpenAI API Key", key], ["Override OpenAI Base URL", `${url}/v1`], ["Add model", model]]),
    }],
  },
  {
    // zed.dev/docs/ai/use-api-access (read 2026-11): keys stand in the key chain or in a variable named for the provider
    id: "zed", name: "Zed", homepage: "https://zed.dev", dialect: "openai-chat",
    steps: ({ url, key, model }) => [
      { title: "A provider of its own; `max_tokens` is the model's context window", file: "~/.config/zed/settings.json", language: "json", text: json({ language_models: { openai_compatible: { Dragoman: { api_url: `${url}/v1`, available_models: [{ name: model, display_name: model, max_tokens: 200_000, capabilities: { tools: true, images: true, parallel_tool_calls: true, prompt_cache_key: false } }] } } } }) },
      { title: "The key, in the agent's settings under LLM Providers", language: "text", text: fields([["Dragoman", key]]) },
    ],
  },
];
