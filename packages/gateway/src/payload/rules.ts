import type { Json, JsonObject } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import { parsePath } from "./parse-path.ts";
import { locate, valuesAt, withoutLocations, withValue, type Step } from "./path.ts";
import { speaks } from "./protocols.ts";
import { sameJson } from "./same-json.ts";
import { wildcard } from "./wildcard.ts";

type PayloadConfig = Config["payload"];
type RuleModel = PayloadConfig["filter"][number]["models"][number];

/** A body on its way to an upstream, and whatever rules look at. */
export interface PayloadQuestion {
  /** Names of the model: the upstream's, the one asked for, and that without its wishes. */
  readonly models: readonly string[];
  readonly upstreamDialect: string;
  readonly clientDialect: string;
  readonly headers: { get(name: string): string | null };
  /** As the client sent it. */
  readonly asSent: Json;
}

/** The operator's changes to bodies for upstreams. @returns the same object when no rule changes anything */
export type ChangePayload = (body: JsonObject, question: PayloadQuestion) => JsonObject;

type Matches = (question: PayloadQuestion, body: JsonObject) => boolean;

/** Rules made ready to be asked often; `undefined` when there are none. */
export function createPayloadRules(config: PayloadConfig): ChangePayload | undefined {
  const steps = [
    ...config.default.map((rule) => setRule(rule, "absent")),
    ...config["default-raw"].map((rule) => setRule(parsed(rule), "absent")),
    ...config.override.map((rule) => setRule(rule, "always")),
    ...config["override-raw"].map((rule) => setRule(parsed(rule), "always")),
  ];
  const filters = config.filter.map(({ models, params }) => ({ matches: anyModel(models), paths: params.map(parsePath) }));
  if (steps.length === 0 && filters.length === 0) return undefined;
  return (body, question) => {
    const set = steps.reduce((changed, step) => step(changed, question), body);
    const doomed = filters.filter(({ matches }) => matches(question, set)).flatMap(({ paths }) => paths.flatMap((path) => locate(set, path)));
    return doomed.length === 0 ? set : withoutLocations(set, distinct(doomed));
  };
}

interface SetRule {
  readonly models: readonly RuleModel[];
  readonly params: Readonly<Record<string, Json>>;
}

function parsed({ models, params }: PayloadConfig["default-raw"][number]): SetRule {
  return { models, params: Object.fromEntries(Object.entries(params).map(([path, text]) => [path, JSON.parse(text) as Json])) };
}

/** `absent`: only what the body does not say yet, so that the first rule for a path wins. */
function setRule({ models, params }: SetRule, when: "absent" | "always"): ChangePayload {
  const matches = anyModel(models);
  const values = Object.entries(params).map(([path, value]) => ({ path: parsePath(path), value }));
  return (body, question) => {
    if (!matches(question, body)) return body;
    return values.reduce((changed, { path, value }) => {
      const there = valuesAt(changed, path);
      const isDone = when === "absent" ? there.length > 0 : there.length > 0 && there.every((found) => sameJson(found, value));
      return isDone ? changed : ((withValue(changed, path, value) ?? changed) as JsonObject);
    }, body);
  };
}

function distinct(locations: ReturnType<typeof locate>): ReturnType<typeof locate> {
  return [...new Map(locations.map((location) => [JSON.stringify(location), location])).values()];
}

function anyModel(models: readonly RuleModel[]): Matches {
  const tests = models.map(modelTest);
  return (question, body) => tests.some((matches) => matches(question, body));
}

/** Conditions hold for what the client sent and for what goes out: an operator may think of either. */
function modelTest(model: RuleModel): Matches {
  const isNamed = wildcard(model.name);
  const headers = Object.entries(model.headers).map(([name, pattern]) => ({ name, holds: wildcard(pattern) }));
  const tests = [
    ...pairs(model.match).map(({ path, value }): ((bodies: Bodies) => boolean) => (bodies) => found(bodies, path).some((each) => sameJson(each, value))),
    ...pairs(model["not-match"]).map(({ path, value }): ((bodies: Bodies) => boolean) => (bodies) => !found(bodies, path).some((each) => sameJson(each, value))),
    ...model.exist.map(parsePath).map((path): ((bodies: Bodies) => boolean) => (bodies) => found(bodies, path).some((each) => each !== null)),
    ...model["not-exist"].map(parsePath).map((path): ((bodies: Bodies) => boolean) => (bodies) => found(bodies, path).every((each) => each === null)),
  ];
  return (question, body) =>
    question.models.some(isNamed)
    && (model.protocol === undefined || speaks(question.upstreamDialect, model.protocol))
    && (model["from-protocol"] === undefined || speaks(question.clientDialect, model["from-protocol"]))
    && headers.every(({ name, holds }) => holds(question.headers.get(name) ?? ""))
    && tests.every((holds) => holds([question.asSent, body]));
}

type Bodies = readonly Json[];

function found(bodies: Bodies, path: readonly Step[]): readonly Json[] {
  return bodies.flatMap((body) => valuesAt(body, path));
}

function pairs(conditions: RuleModel["match"]): readonly { readonly path: readonly Step[]; readonly value: Json }[] {
  return conditions.flatMap((condition) => Object.entries(condition).map(([path, value]) => ({ path: parsePath(path), value: value as Json })));
}
