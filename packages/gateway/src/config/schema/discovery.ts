import { z } from "zod";
import { flag, live } from "./fields.ts";

/** Upstreams that nobody wrote down. */
export const discoveryShape = {
  discovery: z.strictObject({
    environment: flag(true).meta(live("Use provider keys found in environment variables such as ANTHROPIC_API_KEY.")),
    "drop-ins": flag(true).meta(live("Understand the variables of gateways whose place this one takes. Off where all that they said stands in this file.")),
    "ignore-variables": z.array(z.string().trim().min(1)).default([]).meta(live("Variables whose key is not the provider's own, such as OPENAI_API_KEY beside another OPENAI_BASE_URL.")),
    local: flag(true).meta(live("Look for model servers on this machine: Ollama, LM Studio, llama.cpp, vLLM.")),
  }).prefault({}).meta(live("Upstreams that are found without configuration.")),
};
