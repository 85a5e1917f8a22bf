import type { Json } from "@dragoman/core";
import { z } from "zod";
import { valueAt, withValueAt } from "../../config-path.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { changeConfig, resourceOperation } from "./resource.ts";

type Value = boolean | number | string;

/** One value of the configuration that has a path of its own. */
interface Scalar {
  readonly path: string;
  /** Where it stands in the configuration. */
  readonly at: readonly [string, ...string[]];
  /** What the reply of GET calls it; the last part of `at` when absent. */
  readonly key?: string;
  readonly type: "boolean" | "integer" | "string";
  /** What DELETE sets it to; absent: there is no DELETE. */
  readonly empty?: Value;
  /** Brings a value into the form in which it is kept. @throws OfficeError 400 */
  normalise?(value: Value): Value;
  /** What holds of a value that is only kept: it has no effect here. */
  readonly keptDefault?: Value;
}

const STRATEGIES: Readonly<Record<string, string>> = {
  "": "round-robin", "round-robin": "round-robin", roundrobin: "round-robin", rr: "round-robin",
  "weighted-round-robin": "weighted-round-robin", weightedroundrobin: "weighted-round-robin", wrr: "weighted-round-robin",
  "fill-first": "fill-first", fillfirst: "fill-first", ff: "fill-first",
};

function strategy(value: Value): string {
  const normal = STRATEGIES[String(value).trim().toLowerCase()];
  if (normal === undefined) throw new OfficeError(400, "invalid strategy");
  return normal;
}

const belowZero = (instead: number) => (value: Value) => (Number(value) < 0 ? instead : value);

/** A row is a resource: its operations and its desks are made from it. */
export const SCALARS: readonly Scalar[] = [
  { path: "/debug", at: ["debug"], type: "boolean" },
  { path: "/force-gpt-5-codex", at: ["force-gpt-5-codex"], key: "gpt-5-codex", type: "boolean" },
  { path: "/proxy-url", at: ["proxy-url"], type: "string", empty: "" },
  { path: "/quota-exceeded/switch-project", at: ["quota-exceeded", "switch-project"], type: "boolean" },
  { path: "/quota-exceeded/switch-preview-model", at: ["quota-exceeded", "switch-preview-model"], type: "boolean" },
  { path: "/request-retry", at: ["request-retry"], type: "integer" },
  { path: "/request-log", at: ["request-log"], type: "boolean" },
  { path: "/usage-statistics-enabled", at: ["usage-statistics-enabled"], type: "boolean" },
  { path: "/logging-to-file", at: ["logging-to-file"], type: "boolean" },
  { path: "/logs-max-total-size-mb", at: ["logs-max-total-size-mb"], type: "integer", normalise: belowZero(0) },
  { path: "/error-logs-max-files", at: ["error-logs-max-files"], type: "integer", normalise: belowZero(10) },
  { path: "/ws-auth", at: ["ws-auth"], type: "boolean", keptDefault: true },
  { path: "/max-retry-interval", at: ["max-retry-interval"], type: "integer" },
  { path: "/max-retry-credentials", at: ["max-retry-credentials"], type: "integer" },
  { path: "/force-model-prefix", at: ["force-model-prefix"], type: "boolean" },
  { path: "/routing/strategy", at: ["routing", "strategy"], type: "string", normalise: strategy },
];

const TYPES: Readonly<Record<Scalar["type"], z.ZodType<Value>>> = { boolean: z.boolean(), integer: z.int(), string: z.string() };

function desksOf(scalar: Scalar): readonly Desk[] {
  const text = { path: scalar.path, noun: scalar.path.slice(1) };
  const key = scalar.key ?? scalar.at.at(-1) ?? "";
  const type = TYPES[scalar.type];
  const body = z.object({ value: type });
  const set = (office: Office, value: Value) => changeConfig(office, (tree) => withValueAt(tree, scalar.at, value));
  const { empty } = scalar;
  return [
    defineDesk(resourceOperation(text, "GET", { reply: z.strictObject({ [key]: type }) as z.ZodType<Record<string, Value>> }), ({ office }) => ({ [key]: current(office, scalar) })),
    ...(["PUT", "PATCH"] as const).map((method) => defineDesk(resourceOperation(text, method, { body }), ({ body, office, note }) => {
      note(scalar.at.join("."));
      return set(office, scalar.normalise?.(body.value) ?? body.value);
    })),
    ...(empty === undefined ? [] : [defineDesk(resourceOperation(text, "DELETE", {}), ({ office, note }) => (note(scalar.at.join(".")), set(office, empty)))]),
  ];
}

function current(office: Office, scalar: Scalar): Value {
  const { config } = office.ports;
  const inForce = valueAt(config.current().config as unknown as Json, scalar.at);
  return (inForce ?? valueAt(config.expandedTree(), scalar.at) ?? scalar.keptDefault ?? "") as Value;
}

export const scalarDesks: readonly Desk[] = SCALARS.flatMap(desksOf);

/** Values that only the file has: the configuration in force does not know them. */
export function keptScalars(office: Office): Record<string, Value> {
  return Object.fromEntries(SCALARS.filter(({ keptDefault }) => keptDefault !== undefined).map((scalar) => [scalar.at[0], current(office, scalar)]));
}
