import { z } from "zod";
import { live } from "./fields.ts";

const condition = z.array(z.record(z.string(), z.json())).default([]);
const paths = z.array(z.string()).default([]);

const ruleModel = z.strictObject({
  name: z.string().default("*").meta(live("Upstream or requested model; `*` stands for any run.")),
  protocol: z.string().optional().meta(live("Upstream protocol: openai, responses, gemini, claude.")),
  "from-protocol": z.string().optional().meta(live("Client protocol: openai, responses, gemini, claude.")),
  headers: z.record(z.string(), z.string().meta(live("Pattern for the value.", { secret: "tail" }))).default({}).meta(live("Client headers that must be there.")),
  match: condition.meta(live("Paths with the value they must have, in the client's body or in the upstream's.")),
  "not-match": condition.meta(live("Paths with the value they must not have.")),
  exist: paths.meta(live("Paths that must be there.")),
  "not-exist": paths.meta(live("Paths that must not be there.")),
});

const models = z.array(ruleModel).default([]).meta(live("Where the rule holds; one of them is enough."));
const setRule = z.strictObject({ models, params: z.record(z.string(), z.json()).default({}).meta(live("Path and value.")) });
const rawRule = z.strictObject({ models, params: z.record(z.string(), z.string()).default({}).meta(live("Path and value, as JSON text.")) });
const filterRule = z.strictObject({ models, params: paths.meta(live("Paths to remove.")) });

/** Changes to the upstream's body, after translation. */
export const payloadShape = {
  payload: z.strictObject({
    default: z.array(setRule).default([]).meta(live("Set what the body does not say.")),
    "default-raw": z.array(rawRule).default([]).meta(live("The same, from JSON text.")),
    override: z.array(setRule).default([]).meta(live("Set whatever the body says.")),
    "override-raw": z.array(rawRule).default([]).meta(live("The same, from JSON text.")),
    filter: z.array(filterRule).default([]).meta(live("Remove.")),
  }).prefault({}).meta(live("Rules that change request bodies for upstreams, after translation. In paths names are joined by dots, numbers are places in a list, `#(type==\"x\")` is the first item that is so and `#(…)#` is all of them.")),
};
