import { entriesOf } from "../kit/entries.ts";
import { CLIENT_KEY, configOf, MODELS as WORLD_MODELS, startWorld, UPSTREAM_KEYS, worldConfig, type World } from "../kit/world.ts";

const GEMINI = "gemini-generate-content";

/** The model that each simulated provider serves, by dialect id. The Gemini CLI asks for this one whenever it is told the older `gemini-3-pro-preview` (seen with 0.61, 2026-11). */
export const MODELS: Readonly<Record<string, string>> = { ...WORLD_MODELS, [GEMINI]: "gemini-3.1-pro-preview" };

/** The Gemini CLI asks for this one when it has a login, whatever newer one it is told. */
export const LOGIN_MODEL = "gemini-2.5-pro";

/** The gateway before the four simulated providers, with the models above. */
export function startClientsWorld(): World {
  const world = startWorld({ script: () => ({ text: "no run yet" }) });
  world.gateway.reload(configOf({
    "api-keys": [CLIENT_KEY],
    discovery: { environment: false, local: false },
    ...worldConfig(world.upstreams),
    ...entriesOf(GEMINI, { origin: world.upstream(GEMINI).origin, keys: [UPSTREAM_KEYS[GEMINI] ?? ""], models: [{ name: MODELS[GEMINI] }, { name: LOGIN_MODEL }] }),
  }));
  return world;
}
