// What all hosts here have in common: the gateway, and what stands before it.
import { createGateway, type Gateway } from "@dragoman/gateway";

/** @param basePath where the host mounts it, if that part of the path is still in the URL */
export function openGateway(basePath = ""): Gateway {
  return createGateway({
    basePath,
    config: {
      "api-keys": ["${GATEWAY_KEY}"],
      "openai-compatibility": [{
        name: "upstream",
        "base-url": "${UPSTREAM_URL}",
        "api-key-entries": [{ "api-key": "${UPSTREAM_KEY}" }],
        models: [{ name: "${UPSTREAM_MODEL}", alias: "assistant" }],
      }],
    },
    environment: process.env,
    hooks: {
      usage: ({ principal, provider, modelUpstream, outcome, usage }) => console.log(principal, provider, modelUpstream, outcome, usage?.outputVisible ?? 0),
    },
  });
}
