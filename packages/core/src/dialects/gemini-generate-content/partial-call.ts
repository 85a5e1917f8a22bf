// Vertex may stream the arguments of a call: `partialArgs` sets values by JSON path, strings grow piece by piece.
import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";
import { listAt, stringAt } from "./members.ts";

type Container = Record<string, unknown> | unknown[];

/** A call whose arguments are still on their way. */
export class PartialCall {
  readonly #args: Record<string, unknown> = {};
  readonly #head: JsonObject;
  readonly #signature: Json | undefined;
  /** The path of a string that goes on. */
  #growing: string | undefined;

  constructor(part: JsonObject) {
    this.#head = isJsonObject(part.functionCall) ? part.functionCall : {};
    this.#signature = part.thoughtSignature;
    if (isJsonObject(this.#head.args)) Object.assign(this.#args, this.#head.args);
  }

  /** Takes the next piece; true when it was the last. */
  add(call: JsonObject): boolean {
    for (const patch of listAt(call, "partialArgs")) if (isJsonObject(patch)) this.#apply(patch);
    if (isJsonObject(call.args)) Object.assign(this.#args, call.args);
    return call.willContinue !== true;
  }

  /** The part as it would have come in one piece. */
  part(): JsonObject {
    const { id, name } = this.#head;
    const functionCall: JsonObject = { ...(id !== undefined && { id }), name, args: this.#args as JsonObject };
    return { functionCall, ...(this.#signature !== undefined && { thoughtSignature: this.#signature }) };
  }

  #apply(patch: JsonObject): void {
    const path = stringAt(patch, "jsonPath") ?? "$";
    const value = patch.stringValue ?? patch.numberValue ?? patch.boolValue ?? null;
    const goesOn = this.#growing === path && typeof value === "string";
    setAt(this.#args, stepsOf(path), (before) => (goesOn && typeof before === "string" ? before + value : value));
    this.#growing = patch.willContinue === true ? path : undefined;
  }
}

/** `$.foo.bar[0]['a b']` → foo, bar, 0, a b */
function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/g)].map(([, dotted, index, single, double]) =>
    index === undefined ? (dotted ?? single ?? double ?? "") : Number(index));
}

function setAt(root: Container, steps: readonly (string | number)[], change: (before: unknown) => unknown): void {
  let at = root;
  for (const [depth, step] of steps.entries()) {
    // A path must not reach behind the object.
    if (step === "__proto__") return;
    const slots = at as Record<string | number, unknown>;
    if (depth === steps.length - 1) {
      slots[step] = change(slots[step]);
      return;
    }
    const inner = slots[step];
    const next: Container = typeof inner === "object" && inner !== null ? (inner as Container) : typeof steps[depth + 1] === "number" ? [] : {};
    slots[step] = next;
    at = next;
  }
}
