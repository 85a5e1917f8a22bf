import type { DiscoveredUpstream } from "@dragoman/gateway";
import { DEMO_MODELS } from "./demo-upstream.ts";

/** An address of no network: `fetchUpstream` answers it within the process. */
export const DEMO_ORIGIN = "demo:";

/** The demo models as an upstream like any other. */
export const demoModels: DiscoveredUpstream = {
  providerId: "demo",
  name: "demo",
  models: DEMO_MODELS.map((id) => ({ id, displayName: `${id} (scripted demo, not a language model)` })),
};
