import { quoted, shell, type Recipe } from "./recipe.ts";

/** Pages to chat in. */
export const chatPages: readonly Recipe[] = [
  {
    // docs.openwebui.com/reference/env-configuration
    id: "open-webui", name: "Open WebUI", homepage: "https://openwebui.com", dialect: "openai-chat",
    steps: ({ url, key }) => [{
      title: "In a container. There, 127.0.0.1 is the container itself: take host.docker.internal, and let the gateway listen on all interfaces", language: "bash",
      text: `docker run -d -p 3000:8080 \\\n  --add-host host.docker.internal:host-gateway \\\n  -e OPENAI_API_BASE_URL=${shell(`${forContainer(url)}/v1`)} \\\n  -e OPENAI_API_KEY=${shell(key)} \\\n  -v open-webui:/app/backend/data --name open-webui \\\n  ghcr.io/open-webui/open-webui:main`,
    }],
  },
  {
    // librechat.ai/docs/quick_start/custom_endpoints (read 2026-11)
    id: "librechat", name: "LibreChat", homepage: "https://www.librechat.ai", dialect: "openai-chat",
    steps: ({ url, key, model }) => [{
      title: "A custom endpoint. In a container, 127.0.0.1 is the container itself", file: "librechat.yaml", language: "yaml",
      text: `version: 1.2.1\nendpoints:\n  custom:\n    - name: "Dragoman"\n      apiKey: ${quoted(key)}\n      baseURL: ${quoted(`${forContainer(url)}/v1`)}\n      models:\n        default: [${quoted(model)}]\n        fetch: true\n      titleConvo: true\n      titleModel: "current_model"`,
    }],
  },
  {
    // docs.sillytavern.app, featherless.ai/docs/guides-sillytavern (read 2026-11)
    id: "sillytavern", name: "SillyTavern", homepage: "https://docs.sillytavern.app", dialect: "openai-chat",
    steps: ({ url, key, model }) => [{
      title: "Under API Connections", language: "text",
      text: `API: Chat Completion\nChat Completion Source: Custom (OpenAI-compatible)\nCustom Endpoint (Base URL): ${url}/v1\nCustom API Key: ${key}\nEnter a Model ID: ${model}`,
    }],
  },
];

/** The name under which Docker knows the machine that it runs on. */
function forContainer(url: string): string {
  return url.replace(/\/\/(127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)/, "//host.docker.internal");
}
