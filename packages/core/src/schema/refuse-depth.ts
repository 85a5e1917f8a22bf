import type { Json } from "../canonical/index.ts";
import { GatewayError } from "../errors/index.ts";

/** Values inside of each other. Schemas of real tools have some ten levels. */
const MAX_DEPTH = 300;

/**
 * Every cleaner walks a schema by recursion, and a deep stack makes all work on it slow: some kilobytes of brackets would
 * take seconds.
 * @throws GatewayError `invalid_request`
 */
export function refuseDepth(schema: Json | undefined): void {
  if (isDeeper(schema, MAX_DEPTH)) throw new GatewayError("invalid_request", { source: "client", message: `A schema in the request is nested deeper than ${MAX_DEPTH} levels.` });
}

function isDeeper(value: Json | undefined, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeper(member, levels - 1));
}
