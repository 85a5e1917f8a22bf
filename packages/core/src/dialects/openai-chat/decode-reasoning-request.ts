import { isJsonObject, type Effort, type JsonObject, type ReasoningRequest } from "../../canonical/index.ts";

const EFFORTS: ReadonlySet<string> = new Set(["minimal", "low", "medium", "high", "xhigh", "max"]);

/** Every field by which some server lets a chat client tell how to think. */
export const REASONING_KEYS = ["reasoning_effort", "reasoning", "thinking", "enable_thinking", "include_reasoning"] as const;

/**
 * How hard to think. OpenAI has `reasoning_effort`; OpenRouter `reasoning`, DeepSeek, Kimi and GLM `thinking`, Qwen
 * `enable_thinking` or a chat template's argument, Google's compatible endpoint `extra_body.google.thinking_config`.
 * A chat client that asks for thinking can show it (`reasoning_content`), so it is asked for visibly.
 */
export function decodeReasoningRequest(body: JsonObject): ReasoningRequest | undefined {
  const asked = fromEffort(body.reasoning_effort) ?? fromReasoning(body.reasoning) ?? fromThinking(body.thinking) ?? fromSwitches(body) ?? fromGoogle(body.extra_body);
  const hidden = body.include_reasoning === false || (isJsonObject(body.reasoning) && body.reasoning.exclude === true);
  if (asked === undefined) return hidden ? { mode: "default", visibility: "none", from: "body" } : undefined;
  const visibility = hidden ? "none" : asked.mode === "off" ? undefined : "auto";
  return { ...asked, ...(visibility !== undefined && { visibility }), from: "body" };
}

/** Whether the body says so in a word we know; others are left to the upstream as they are. */
export function isKnownEffort(value: unknown): boolean {
  return fromEffort(value) !== undefined;
}

type Asked = Pick<ReasoningRequest, "mode" | "effort" | "budget">;

function fromEffort(value: unknown): Asked | undefined {
  if (typeof value !== "string") return undefined;
  if (value === "none") return { mode: "off" };
  if (value === "auto") return { mode: "auto" };
  return EFFORTS.has(value) ? { mode: "effort", effort: value as Effort } : undefined;
}

function fromBudget(value: unknown): Asked | undefined {
  if (typeof value !== "number") return undefined;
  if (value === 0) return { mode: "off" };
  return value < 0 ? { mode: "auto" } : { mode: "budget", budget: value };
}

function fromReasoning(value: unknown): Asked | undefined {
  if (!isJsonObject(value)) return undefined;
  if (value.enabled === false) return { mode: "off" };
  return fromEffort(value.effort) ?? fromBudget(value.max_tokens) ?? (value.enabled === true ? { mode: "auto" } : undefined);
}

function fromThinking(value: unknown): Asked | undefined {
  if (!isJsonObject(value)) return undefined;
  if (value.type === "disabled") return { mode: "off" };
  if (value.type === "adaptive" || value.type === "auto") return { mode: "auto" };
  return value.type === "enabled" ? (fromBudget(value.budget_tokens) ?? { mode: "auto" }) : undefined;
}

function fromSwitches(body: JsonObject): Asked | undefined {
  const template = isJsonObject(body.chat_template_kwargs) ? (body.chat_template_kwargs.enable_thinking ?? body.chat_template_kwargs.thinking) : undefined;
  const enabled = body.enable_thinking ?? template;
  return typeof enabled === "boolean" ? { mode: enabled ? "auto" : "off" } : undefined;
}

function fromGoogle(value: unknown): Asked | undefined {
  const google = isJsonObject(value) ? value.google : undefined;
  const config = isJsonObject(google) ? google.thinking_config : undefined;
  if (!isJsonObject(config)) return undefined;
  return fromBudget(config.thinking_budget) ?? fromEffort(typeof config.thinking_level === "string" ? config.thinking_level.toLowerCase() : undefined);
}
