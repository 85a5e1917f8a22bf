import type { Client } from "./client.ts";
import { modelFor, shell } from "./recipe.ts";

/** Pages to chat in. */
export const chatPages: readonly Client[] = [
  {
    // docs.openwebui.com/reference/env-configuration: what was set in its page goes over its variables
    id: "open-webui", name: "Open WebUI", homepage: "https://openwebui.com", dialect: "openai-chat",
    byHand: ({ url, key }) => [{
      title: "In a container. There, 127.0.0.1 is the container itself: take host.docker.internal, and let the gateway listen on all interfaces", language: "bash",
      text: `docker run -d -p 3000:8080 \\\n  --add-host host.docker.internal:host-gateway \\\n  -e OPENAI_API_BASE_URL=${shell(`${forContainer(url)}/v1`)} \\\n  -e OPENAI_API_KEY=${shell(key)} \\\n  -v open-webui:/app/backend/data --name open-webui \\\n  ghcr.io/open-webui/open-webui:main`,
    }],
  },
  {
    // librechat.ai/docs/quick_start/custom_endpoints (read 2026-11)
    id: "librechat", name: "LibreChat", homepage: "https://www.librechat.ai", dialect: "openai-chat",
    roles: { small: "titles" },
    files: [{
      title: "A custom endpoint, in the file beside its docker-compose.yml. In a container, 127.0.0.1 is the container itself", format: "yaml",
      place: { home: "LibreChat/librechat.yaml", isInstalled: true, variable: "CONFIG_PATH", project: "librechat.yaml" },
      puts: (setting) => {
        const endpoint = ["endpoints", "custom", { member: "name", is: "Dragoman" }] as const;
        return [
          { path: ["version"], value: "1.2.1", onlyIfMissing: true },
          { path: [...endpoint, "name"], value: "Dragoman" },
          { path: [...endpoint, "apiKey"], value: setting.key, isKey: true },
          { path: [...endpoint, "baseURL"], value: `${forContainer(setting.url)}/v1` },
          { path: [...endpoint, "models"], value: { default: [setting.model], fetch: true } },
          { path: [...endpoint, "titleConvo"], value: true, onlyIfMissing: true },
          { path: [...endpoint, "titleModel"], value: setting.roles?.small === undefined ? "current_model" : modelFor(setting, "small") },
        ];
      },
    }],
  },
  {
    // docs.sillytavern.app, featherless.ai/docs/guides-sillytavern (read 2026-11)
    id: "sillytavern", name: "SillyTavern", homepage: "https://docs.sillytavern.app", dialect: "openai-chat",
    byHand: ({ url, key, model }) => [{
      title: "Under API Connections", language: "text",
      text: `API: Chat Completion\nChat Completion Source: Custom (OpenAI-compatible)\nCustom Endpoint (Base URL): ${url}/v1\nCustom API Key: ${key}\nEnter a Model ID: ${model}`,
    }],
  },
];

/** The name under which Docker knows the machine that it runs on. */
function forContainer(url: string): string {
  return url.replace(/\/\/(127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)/, "//host.docker.internal");
}
