// Settings files as people have them: after the examples in the clients' own documentation, with what hands add to them.

export interface Fixture {
  readonly client: string;
  readonly what: string;
  /** By path below the home directory. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines of it that a connection may change or take away; every other one stays as it is. */
  readonly changed?: readonly string[];
}

const claude = `{
  "$schema": "https://json.schemastore.org/claude-code-settings.json",
  "model": "opusplan",
  "env": {
      "BASH_DEFAULT_TIMEOUT_MS": "300000",
      "ANTHROPIC_BASE_URL": "https://api.example.com",
      "ANTHROPIC_API_KEY": "sk-ant-api03-of-somebody-else"
  },
  "permissions": { "allow": ["Bash(npm run lint)", "Read(~/.zshrc)"], "deny": ["Bash(curl:*)"] },
  "hooks": {
    "PostToolUse": [ { "matcher": "Edit|Write",
                       "hooks": [ { "type": "command", "command": "npx prettier --write \\"$FILE\\"" } ] } ]
  },
  "apiKeyHelper": "echo 'sk-of-another-proxy'",
  "statusLine": { "type": "command", "command": "~/.claude/statusline.sh" }
}
`;

const codex = `# Codex, set up in spring
model = "gpt-5.1"            # the good one
model_reasoning_effort   =   "high"
approval_policy = "on-request"
notify = ["python3", "/opt/notify.py"]

[sandbox_workspace_write]
network_access = true
writable_roots = [
  "/srv/one",   # code
  "/srv/two",
]

[mcp_servers.docs]
  command = 'npx'
  args = ["-y", "@example/docs-mcp"]
  env = { "API_KEY" = "value-of-docs" }

[projects."/home/me/src"]
trust_level = "trusted"

[tui]
notifications = true
`;

const codexWithProviders = `model_provider = "azure"
model = "gpt-5"

[model_providers.azure]
name = "Azure"
base_url = "https://example.openai.azure.com/openai"
env_key = "AZURE_OPENAI_API_KEY"
query_params = { api-version = "2025-04-01-preview" }

[model_providers.dragoman]
name = "Old"
base_url = "http://old.example.com/v1"
env_key = "DRAGOMAN_API_KEY"
request_max_retries = 2

[history]
persistence = "none"`;

const openCode = `{
	// one of everything
	"$schema": "https://opencode.ai/config.json",
	"theme": "tokyonight", /* dark */
	"model": "anthropic/claude-sonnet-4-5",
	"provider": {
		"anthropic": { "options": { "timeout": 600000 } },
	},
	"mcp": { "docs": { "type": "remote", "url": "https://docs.example.com/mcp", "enabled": true } },
	"keybinds": {"leader": "ctrl+x"},
}
`;

const zed = `// Zed settings
//
// For information on how to configure Zed, see the documentation.
{
  "ui_font_size": 16,
  "buffer_font_size": 15.5,
  "theme": {
    "mode": "system",
    "light": "One Light",
    "dark": "One Dark",
  },
  "language_models": {
    "ollama": { "api_url": "http://localhost:11434" },
    "openai_compatible": {
      "Together": {
        "api_url": "https://api.together.xyz/v1",
        "available_models": [
          { "name": "mixtral", "max_tokens": 32768 },
        ],
      },
    },
  },
  "agent": {
    "default_profile": "write", // not ask
    "default_model": { "provider": "ollama", "model": "qwen3" },
  },
}
`;

const continueYaml = `name: Local Agent   # mine
version: 1.0.0
schema: v1

models:
  # at home
  - name: Llama 3.1 8B
    provider: ollama
    model: llama3.1:8b
    roles:
      - chat
      - edit
  - { name: Autodetect, provider: ollama, model: AUTODETECT }

context:
  - provider: code
  - provider: diff

rules:
    - "Give concise answers"
`;

const aider = `##########################################################
# Sample .aider.conf.yml
# This file lists *all* the valid configuration entries.

## Specify the model to use for the main chat
model: sonnet

## Specify the api base url
#openai-api-base: xxx

auto-commits: false
lint-cmd:
    - "python: flake8 --select=E9"
    - 'javascript: eslint'

read: [CONVENTIONS.md, "other file.md"]
`;

const libreChat = `# For more information, see the Configuration Guide:
# https://www.librechat.ai/docs/configuration/librechat_yaml

version: 1.2.8
cache: true

interface:
  customWelcome: 'Welcome to LibreChat! Enjoy your experience.'
  fileSearch: true

endpoints:
  # assistants:
  #   disableBuilder: false
  custom:
    # Groq Example
    - name: 'groq'
      apiKey: '\${GROQ_API_KEY}'
      baseURL: 'https://api.groq.com/openai/v1/'
      models:
        default:
          - 'llama3-70b-8192'
          - 'llama3-8b-8192'
        fetch: false
      titleConvo: true
      titleModel: 'mixtral-8x7b-32768'
      modelDisplayLabel: 'groq'
`;

const geminiSettings = `{
    "general": {"vimMode": true, "preferredEditor": "code"},
    "ui": {
        "theme": "GitHub",
        "hideBanner": true
    },
    "security": {"auth": {"selectedType": "oauth-personal"}},
    "mcpServers": {"main": {"command": "bin/mcp_server.py", "env": {"API_KEY": "$MY_TOKEN"}}}
}
`;

const qwen = `{
  "$version": 4,
  "tools": { "approvalMode": "yolo" },
  "modelProviders": {
    "openai": [
      { "id": "qwen3-coder-plus", "name": "Qwen3 Coder Plus", "baseUrl": "https://dashscope.aliyuncs.com/compatible-mode/v1", "envKey": "DASHSCOPE_API_KEY" }
    ]
  },
  "env": {"DASHSCOPE_API_KEY": "sk-sp-of-dashscope"},
  "model": { "name": "qwen3-coder-plus", "maxSessionTurns": 50 }
}
`;

const env = `# my keys
GOOGLE_CLOUD_PROJECT="my-project"
GEMINI_API_KEY=AIza-of-somebody

  DEBUG = false # spaces`;

const profile = `# ~/.bashrc: executed by bash(1) for non-login shells.
case $- in
    *i*) ;;
      *) return;;
esac
export OPENAI_API_KEY=sk-of-somebody
alias ll='ls -alF'
`;

const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
const MARK = "\uFEFF";

const CLAUDE_CHANGED = ['"ANTHROPIC_BASE_URL": "https://api.example.com",', '"ANTHROPIC_API_KEY": "sk-ant-api03-of-somebody-else"', `"apiKeyHelper": "echo 'sk-of-another-proxy'",`];
const ZED_CHANGED = ['"default_model": { "provider": "ollama", "model": "qwen3" },'];
const CODEX_CHANGED = ['model = "gpt-5.1"            # the good one'];

export const FIXTURES: readonly Fixture[] = [
  { client: "claude-code", what: "with another gateway's settings", files: { ".claude/settings.json": claude }, changed: CLAUDE_CHANGED },
  { client: "claude-code", what: "with a byte order mark and line ends of Windows", files: { ".claude/settings.json": MARK + crlf(claude) }, changed: CLAUDE_CHANGED },
  { client: "claude-code", what: "on one line, without a line's end", files: { ".claude/settings.json": '{"model":"opus","env":{"A":"b"}}' }, changed: ['{"model":"opus","env":{"A":"b"}}'] },
  { client: "claude-code", what: "empty", files: { ".claude/settings.json": "{}\n" }, changed: ["{}"] },
  { client: "claude-code", what: "not there", files: {} },
  { client: "codex-cli", what: "with servers and projects", files: { ".codex/config.toml": codex }, changed: CODEX_CHANGED },
  { client: "codex-cli", what: "with line ends of Windows", files: { ".codex/config.toml": crlf(codex) }, changed: CODEX_CHANGED },
  { client: "codex-cli", what: "with other providers, and no line's end", files: { ".codex/config.toml": codexWithProviders }, changed: ['model_provider = "azure"', 'model = "gpt-5"', 'name = "Old"', 'base_url = "http://old.example.com/v1"', 'env_key = "DRAGOMAN_API_KEY"'] },
  { client: "codex-cli", what: "with tables alone", files: { ".codex/config.toml": "# mine\n\n[tui]\nnotifications = false\n" } },
  { client: "codex-cli", what: "not there", files: {} },
  { client: "gemini-cli", what: "with a login and an .env", files: { ".gemini/settings.json": geminiSettings, ".gemini/.env": env }, changed: ['"security": {"auth": {"selectedType": "oauth-personal"}},', '"mcpServers": {"main": {"command": "bin/mcp_server.py", "env": {"API_KEY": "$MY_TOKEN"}}}'] },
  { client: "gemini-cli-login", what: "not there", files: {} },
  { client: "qwen-code", what: "with another provider", files: { ".qwen/settings.json": qwen }, changed: ['{ "id": "qwen3-coder-plus", "name": "Qwen3 Coder Plus", "baseUrl": "https://dashscope.aliyuncs.com/compatible-mode/v1", "envKey": "DASHSCOPE_API_KEY" }', '"env": {"DASHSCOPE_API_KEY": "sk-sp-of-dashscope"},', '"model": { "name": "qwen3-coder-plus", "maxSessionTurns": 50 }'] },
  { client: "opencode", what: "with comments, tabs and commas at the end", files: { ".config/opencode/opencode.jsonc": openCode }, changed: ['"model": "anthropic/claude-sonnet-4-5",'] },
  { client: "aider", what: "after the sample", files: { ".aider.conf.yml": aider }, changed: ["model: sonnet"] },
  { client: "aider", what: "with line ends of Windows", files: { ".aider.conf.yml": crlf(aider) }, changed: ["model: sonnet"] },
  { client: "continue", what: "with models of its own", files: { ".continue/config.yaml": continueYaml } },
  { client: "continue", what: "not there", files: {} },
  { client: "zed", what: "with comments and commas at the end", files: { ".config/zed/settings.json": zed }, changed: ZED_CHANGED },
  { client: "zed", what: "with line ends of Windows", files: { ".config/zed/settings.json": crlf(zed) }, changed: ZED_CHANGED },
  { client: "librechat", what: "after the example", files: { "LibreChat/librechat.yaml": libreChat } },
  { client: "environment", what: "the profile of a shell", files: { ".bashrc": profile } },
];
