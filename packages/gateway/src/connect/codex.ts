import type { Client } from "./client.ts";
import { quoted } from "./recipe.ts";

/** `-c` goes over the file, and this name does not meet what the file says of `dragoman`. */
const FOR_ONE_RUN = "model_providers.dragoman_run";

/**
 * developers.openai.com/codex/config-reference (read 2026-11; tried with 0.169.0). The key in the file itself is what the reference
 * calls `experimental_bearer_token`: with `env_key` the user would have to set a variable in every shell.
 */
export const codex: Client = {
  id: "codex-cli", alsoCalled: ["codex"], name: "Codex CLI", homepage: "https://developers.openai.com/codex", dialect: "openai-responses", npm: "@openai/codex",
  start: {
    command: "codex",
    environment: ({ key }) => ({ DRAGOMAN_API_KEY: key }),
    arguments: ({ url, model }) => [
      ["model", quoted(model)],
      ["model_provider", quoted("dragoman_run")],
      [`${FOR_ONE_RUN}.name`, quoted("Dragoman")],
      [`${FOR_ONE_RUN}.base_url`, quoted(`${url}/v1`)],
      [`${FOR_ONE_RUN}.env_key`, quoted("DRAGOMAN_API_KEY")],
      [`${FOR_ONE_RUN}.wire_api`, quoted("responses")],
    ].flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  },
  files: [{
    title: "For good",
    place: { home: ".codex/config.toml", directory: { variable: "CODEX_HOME", below: "config.toml" } },
    format: "toml",
    puts: ({ url, key, model }) => [
      { path: ["model"], value: model },
      { path: ["model_provider"], value: "dragoman" },
      { path: ["model_providers", "dragoman", "name"], value: "Dragoman" },
      { path: ["model_providers", "dragoman", "base_url"], value: `${url}/v1` },
      { path: ["model_providers", "dragoman", "experimental_bearer_token"], value: key, isKey: true },
      { path: ["model_providers", "dragoman", "wire_api"], value: "responses" },
      // Where it is named, it must be set.
      { path: ["model_providers", "dragoman", "env_key"] },
    ],
  }],
};
