import type { GenerateRequest, Json, JsonObject } from "../../canonical/index.ts";
import { API_VERSION } from "./wire.ts";

/** Beta names in order of first appearance, without repetition. */
export function mergeBetas(...lists: readonly (string | readonly string[] | undefined)[]): string {
  const names = lists.flatMap((list) => (typeof list === "string" ? list.split(",") : (list ?? [])));
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))].join(",");
}

/** Some clients put the beta list into the body, where the API refuses it. */
export function bodyBetas(body: JsonObject | undefined): readonly string[] | undefined {
  const betas = body?.betas;
  return Array.isArray(betas) ? (betas as readonly Json[]).filter((name) => typeof name === "string") : undefined;
}

/** The client's own protocol headers, for an upstream of the same dialect. */
export function ownHeaders(request: GenerateRequest, ...required: readonly string[]): Readonly<Record<string, string>> {
  const betas = mergeBetas(request.headers?.["anthropic-beta"], bodyBetas(request.wire), required);
  return { "anthropic-version": request.headers?.["anthropic-version"] ?? API_VERSION, ...(betas !== "" && { "anthropic-beta": betas }) };
}
