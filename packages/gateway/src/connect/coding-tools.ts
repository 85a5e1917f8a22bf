import { json, quoted, shell, type Recipe } from "./recipe.ts";

/** Tools of the terminal. The first four are those that the trials in `e2e/clients` run. */
export const codingTools: readonly Recipe[] = [
  {
    id: "claude-code", name: "Claude Code", homepage: "https://docs.claude.com/en/docs/claude-code", dialect: "anthropic-messages",
    steps: ({ url, key, model }) => [
      { title: "For this shell", language: "bash", text: `export ANTHROPIC_BASE_URL=${shell(url)}\nexport ANTHROPIC_AUTH_TOKEN=${shell(key)}\n# The model for small errands, such as titles\nexport ANTHROPIC_DEFAULT_HAIKU_MODEL=${shell(model)}\nclaude --model ${shell(model)}` },
      { title: "Or for good", file: "~/.claude/settings.json", language: "json", text: json({ env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: model, ANTHROPIC_DEFAULT_HAIKU_MODEL: model } }) },
    ],
  },
  {
    id: "codex-cli", name: "Codex CLI", homepage: "https://developers.openai.com/codex", dialect: "openai-responses",
    steps: ({ url, key, model }) => [
      { title: "Where to go", file: "~/.codex/config.toml", language: "toml", text: `model = ${quoted(model)}\nmodel_provider = "dragoman"\n\n[model_providers.dragoman]\nname = "Dragoman"\nbase_url = ${quoted(`${url}/v1`)}\nenv_key = "DRAGOMAN_API_KEY"\nwire_api = "responses"` },
      { title: "The key, and go", language: "bash", text: `export DRAGOMAN_API_KEY=${shell(key)}\ncodex` },
    ],
  },
  {
    id: "gemini-cli", name: "Gemini CLI", homepage: "https://github.com/google-gemini/gemini-cli", dialect: "gemini-generate-content",
    steps: ({ url, key, model }) => [
      { title: "For this shell", language: "bash", text: `export GOOGLE_GEMINI_BASE_URL=${shell(url)}\nexport GEMINI_API_KEY=${shell(key)}\ngemini --model ${shell(model)}` },
      { title: "If it asks how to log in", file: "~/.gemini/settings.json", language: "json", text: json({ security: { auth: { selectedType: "gemini-api-key" } } }) },
    ],
  },
  {
    id: "gemini-cli-login", name: "Gemini CLI with login", homepage: "https://github.com/google-gemini/gemini-cli", dialect: "gemini-code-assist",
    steps: ({ url, key, model }) => [
      { title: "For this shell", language: "bash", text: `export CODE_ASSIST_ENDPOINT=${shell(url)}\nexport GOOGLE_GENAI_USE_GCA=true\nexport GOOGLE_CLOUD_ACCESS_TOKEN=${shell(key)}\ngemini --model ${shell(model)}` },
      { title: "If it asks how to log in", file: "~/.gemini/settings.json", language: "json", text: json({ security: { auth: { selectedType: "oauth-personal" } } }) },
    ],
  },
  {
    id: "qwen-code", name: "Qwen Code", homepage: "https://github.com/QwenLM/qwen-code", dialect: "openai-chat",
    steps: ({ url, key, model }) => [
      { title: "For this shell", language: "bash", text: `export OPENAI_BASE_URL=${shell(`${url}/v1`)}\nexport OPENAI_API_KEY=${shell(key)}\nexport OPENAI_MODEL=${shell(model)}\nqwen --auth-type openai` },
    ],
  },
  {
    // opencode.ai/docs/providers (custom provider)
    id: "opencode", name: "OpenCode", homepage: "https://opencode.ai", dialect: "openai-chat",
    steps: ({ url, key, model }) => [
      { title: "A provider of its own", file: "~/.config/opencode/opencode.json", language: "json", text: json({ $schema: "https://opencode.ai/config.json", provider: { dragoman: { npm: "@ai-sdk/openai-compatible", name: "Dragoman", options: { baseURL: `${url}/v1`, apiKey: key }, models: { [model]: { name: model } } } }, model: `dragoman/${model}` }) },
    ],
  },
  {
    // aider.chat/docs/llms/openai-compat.html (read 2026-11)
    id: "aider", name: "Aider", homepage: "https://aider.chat", dialect: "openai-chat",
    steps: ({ url, key, model }) => [
      { title: "For this shell", language: "bash", text: `export OPENAI_API_BASE=${shell(`${url}/v1`)}\nexport OPENAI_API_KEY=${shell(key)}\naider --model ${shell(`openai/${model}`)}` },
    ],
  },
];
