import { configOf, MODELS as WORLD_MODELS, startWorld, worldConfig, type World } from "../kit/world.ts";

/** The model that each simulated provider serves, by dialect id. The Gemini CLI asks for this one whenever it is told the older `gemini-3-pro-preview` (seen with 0.61, 2026-11). */
export const MODELS: Readonly<Record<string, string>> = { ...WORLD_MODELS, "gemini-generate-content": "gemini-3.1-pro-preview" };

/** The gateway before the four simulated providers, with the models above. */
export function startClientsWorld(): World {
  const world = startWorld({ script: () => ({ text: "no run yet" }) });
  const config = worldConfig(world.upstreams);
  const [gemini] = config["gemini-api-key"] as readonly Record<string, unknown>[];
  world.gateway.reload(configOf({ ...config, "gemini-api-key": [{ ...gemini, models: [{ name: MODELS["gemini-generate-content"] }] }] }));
  return world;
}
