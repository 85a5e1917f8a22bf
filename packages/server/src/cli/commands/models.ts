import { CONFIG_OPTION, JSON_OPTION, type Command } from "../command.ts";
import { columns, cyan, dim, print } from "../terminal.ts";
import { openOffline } from "../../host/open-offline.ts";

export const modelsCommand: Command = {
  name: "models",
  summary: "List the models that the gateway would offer, and from where",
  options: {
    config: CONFIG_OPTION,
    json: JSON_OPTION,
    offline: { type: "boolean", help: "do not ask upstreams for their lists" },
  },
  examples: [
    ["dragoman models", "every model, by owner"],
    ["dragoman models --json", "the same for programs"],
  ],
  async run({ options }) {
    const { gateway } = await openOffline({ ...(typeof options.config === "string" && { configPath: options.config }), ask: options.offline !== true });
    const models = gateway.engine.switchboard.listModels();
    if (options.json === true) print(JSON.stringify(models, null, 2));
    else if (models.length === 0) print("No model: set a provider key such as OPENAI_API_KEY, or write a configuration with \"dragoman config init\".");
    else print(columns(models.map(({ id, ownedBy, contextTokens }) => [cyan(id), ownedBy, dim(contextTokens === undefined ? "" : `${Math.round(contextTokens / 1000)}k context`)])));
    return 0;
  },
};
