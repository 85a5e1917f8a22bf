import { z } from "zod";
import { flag, live } from "./fields.ts";

/** Upstreams that nobody wrote down. */
export const discoveryShape = {
  discovery: z.strictObject({
    environment: flag(true).meta(live("Use provider keys found in environment variables such as ANTHROPIC_API_KEY.")),
    local: flag(true).meta(live("Look for model servers on this machine: Ollama, LM Studio, llama.cpp, vLLM.")),
  }).prefault({}).meta(live("Upstreams that are found without configuration.")),
};
