import type { TakeNote } from "./findings.ts";
import type { Config } from "./schema/index.ts";

type Payload = Config["payload"];
type RawRule = Payload["default-raw"][number];

/** Rules whose values are no JSON are dropped whole: half a rule would be worse than none. */
export function sanitisePayload(payload: Payload, note: TakeNote): Payload {
  return {
    ...payload,
    "default-raw": keptRules(payload["default-raw"], "payload.default-raw", note),
    "override-raw": keptRules(payload["override-raw"], "payload.override-raw", note),
  };
}

function keptRules(rules: readonly RawRule[], path: string, note: TakeNote): RawRule[] {
  return rules.filter((rule, index) => {
    const broken = Object.entries(rule.params).find(([, text]) => !isJson(text));
    if (broken !== undefined) note("dropped", `${path}[${index}]`, `the value of ${broken[0]} is not JSON`);
    return broken === undefined;
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
