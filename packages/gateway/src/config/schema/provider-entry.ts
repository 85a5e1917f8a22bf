import { z } from "zod";
import { count, flag, headers, httpUrl, live, patterns, proxyUrl } from "./fields.ts";

// Objects here are open (`z.object`, not `z.strictObject`): what they do not know is told and stays in the file, since
// programs read entries, change one field and write them back whole.

/** A credential's share under `weighted-round-robin`. */
const MAX_WEIGHT = 1_000_000;

const thinking = z.object({
  min: count(0).meta(live("Smallest budget, in tokens.")),
  max: count(0).meta(live("Largest budget, in tokens. 0: the model takes no budget.")),
  "zero-allowed": flag(false).meta(live("A budget of 0 turns thinking off.")),
  "dynamic-allowed": flag(false).meta(live("A budget of -1 leaves it to the model.")),
  levels: z.array(z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"])).default([]).meta(live("Levels that the model takes.")),
});

const model = z.object({
  name: z.string().trim().default("").meta(live("The upstream's name of the model.")),
  alias: z.string().trim().default("").meta(live("Name for clients. The same alias several times makes a pool. Empty: as `name`.")),
  "display-name": z.string().optional().meta(live("Name for people, in model lists.")),
  "max-context-length": z.int().min(0).optional().meta(live("Context window, in tokens.")),
  "max-output-tokens": z.int().min(1).optional().meta(live("Most output tokens, where a request of another dialect asks for more.")),
  "force-mapping": flag(false).meta(live("Replies say the alias in their `model` field.")),
  thinking: thinking.optional().meta(live("How the model can be told to think.")),
});

const errorRule = z.object({
  status: z.int().min(100).max(599).meta(live("HTTP status of the reply.")),
  match: z.array(z.string()).default([]).meta(live("Texts of which the body holds one.")),
  "match-regexr": z.array(z.string()).default([]).meta(live("Regular expressions of which the body matches one.")),
  action: z.enum(["stop", "stop-and-cooldown", "continue", "continue-and-cooldown"]).meta(live(
    "`stop` answers the client, `continue` goes on with the next credential; with or without a pause of this one.",
  )),
});

/** What to do with upstream errors of one's own choosing. */
export const requestScopedErrors = z.array(errorRule).default([]);

const weight = z.int().max(MAX_WEIGHT).default(1).meta(live("Share under `weighted-round-robin`. 0 or less: left out there."));

/** What every entry of an upstream can say, whatever it speaks. */
const routingShape = {
  prefix: z.string().trim().optional().meta(live("Its models can also be called as `prefix/model`. Must not hold a slash.")),
  priority: z.int().default(0).meta(live("Higher ones are used first.")),
  headers: headers.meta(live("Further headers for the upstream.")),
  models: z.array(model).default([]).meta(live("Models of this entry. Any: just these, and not the built-in list.")),
  "disable-cooling": z.boolean().optional().meta(live("Never pause after a failure. Absent: as the global setting.")),
  "request-retry": z.int().optional().meta(live("Further rounds. Absent or negative: as the global setting.")),
  "request-scoped-errors": requestScopedErrors.meta(live("Rules for errors of this upstream; the first that fits counts.")),
};

const keyShape = {
  "api-key": z.string().trim().meta(live("The upstream's key.", { secret: "tail" })),
  "base-url": httpUrl.optional().meta(live("Address of the API. Absent: the vendor's own.", { secret: "userinfo" })),
  "proxy-url": proxyUrl.optional().meta(live("Proxy for this key. Absent: the global one.", { secret: "userinfo" })),
  weight,
  ...routingShape,
  "excluded-models": patterns.meta(live("Models it does not offer; `*` stands for any run. `*` alone switches the entry off.")),
};

const keyEntry = z.object(keyShape);

const claudeEntry = z.object({
  ...keyShape,
  "rebuild-mid-system-message": flag(false).meta(live("Move system messages amid the conversation into the top-level system field.")),
});

const compatibleEntry = z.object({
  name: z.string().trim().min(1).meta(live("Name of the upstream; `name://model` reaches any of its models.")),
  disabled: flag(false).meta(live("Leave this upstream out.")),
  "base-url": httpUrl.default("").meta(live("Address of the API. Entries without one are dropped.", { secret: "userinfo" })),
  "api-key-entries": z.array(z.object({
    "api-key": z.string().trim().default("").meta(live("The upstream's key.", { secret: "tail" })),
    "proxy-url": proxyUrl.optional().meta(live("Proxy for this key. Absent: the global one.", { secret: "userinfo" })),
    weight,
    disabled: flag(false).meta(live("Leave this key out.")),
  })).default([]).meta(live("Its keys. None: it is called without.")),
  ...routingShape,
});

/** Upstreams and their keys. */
export const providerEntriesShape = {
  "claude-api-key": z.array(claudeEntry).default([]).meta(live("Keys for Anthropic's API, or one like it.")),
  "gemini-api-key": z.array(keyEntry).default([]).meta(live("Keys for the Gemini API.")),
  "codex-api-key": z.array(keyEntry).default([]).meta(live("Keys for the OpenAI Responses API, or one like it.")),
  "xai-api-key": z.array(keyEntry).default([]).meta(live("Keys for xAI.")),
  "vertex-api-key": z.array(keyEntry).default([]).meta(live("Keys for Vertex AI.")),
  "openai-compatibility": z.array(compatibleEntry).default([]).meta(live("Upstreams that speak OpenAI Chat Completions.")),
};

export type KeyEntry = z.infer<typeof keyEntry>;
export type ClaudeEntry = z.infer<typeof claudeEntry>;
export type CompatibleEntry = z.infer<typeof compatibleEntry>;
export type ModelEntry = z.infer<typeof model>;
export type ErrorRule = z.infer<typeof errorRule>;
