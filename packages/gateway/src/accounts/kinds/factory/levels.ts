import { isJsonObject, type Capabilities, type JsonObject, type ReasoningRequest } from "@dragoman/core";
import type { FactoryModel } from "./models.ts";

/** `auto` leaves reasoning to the client; `off` takes its setting out; the others stand in place of it. */
export type FactoryLevel = "auto" | "off" | "low" | "medium" | "high" | "xhigh";

export const LEVELS: readonly FactoryLevel[] = ["auto", "off", "low", "medium", "high", "xhigh"];

/** Tokens, for models that think within a budget. */
const BUDGETS = { low: 4096, medium: 12_288, high: 24_576, xhigh: 40_960 } as const;

const THINKING_BETA = "interleaved-thinking-2025-05-14";
const FAST_BETA = "fast-mode-2026-02-01";

/** A level as routing takes it: a budget where the model has one, else the level's own word. */
export function reasoningOfLevel({ type, reasoning }: FactoryModel, capabilities: Capabilities): ReasoningRequest | undefined {
  const from = "override";
  if (reasoning === "auto") return undefined;
  if (reasoning === "off") return { mode: "default", from };
  const isAdaptive = capabilities.reasoning?.adaptive === true && capabilities.reasoning.manual !== true;
  return type === "anthropic" && !isAdaptive ? { mode: "budget", budget: BUDGETS[reasoning], from } : { mode: "effort", effort: reasoning, from };
}

/** Beta names of a request to the Messages endpoint: the client's, with those that level and speed want, or without. */
export function betasFor({ reasoning, fast }: FactoryModel, given: string | undefined): string | undefined {
  const names = (given ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  const kept = reasoning === "off" ? names.filter((name) => name !== THINKING_BETA) : names;
  const wanted = [...(reasoning !== "auto" && reasoning !== "off" ? [THINKING_BETA] : []), ...(fast ? [FAST_BETA] : [])];
  const all = [...new Set([...kept, ...wanted])];
  return all.length === 0 ? undefined : all.join(", ");
}

/** What the Responses endpoint wants beside the effort: thoughts are summarised, and the quick service has a tier. */
export function withResponsesMembers(body: JsonObject, { reasoning, fast }: FactoryModel): JsonObject {
  const timed = fast && body.service_tier === undefined ? { ...body, service_tier: "priority" } : body;
  const { reasoning: given, ...rest } = timed;
  if (reasoning === "auto" || given === undefined) return timed;
  if (reasoning === "off" || !isJsonObject(given)) return rest;
  return given.summary === undefined ? { ...rest, reasoning: { summary: "auto", ...given } } : timed;
}
