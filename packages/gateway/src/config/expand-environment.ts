import type { ConfigProblem } from "./findings.ts";
import { isRawObject } from "./raw.ts";
import { pathText } from "./schema-view.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `${NAME:-default}`, and `$${`, which is a `${` that is meant as it stands. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

export interface Expanded {
  readonly value: unknown;
  /** Paths of the strings that came wholly from one reference: they may stand where a number or a switch is wanted. */
  readonly fromEnvironment: ReadonlySet<string>;
  readonly problems: readonly ConfigProblem[];
}

/** Replaces references to environment variables in all strings. A blank variable counts as missing. */
export function expandEnvironment(raw: unknown, environment: Environment): Expanded {
  const fromEnvironment = new Set<string>();
  const problems: ConfigProblem[] = [];
  const lookUp = (name: string): string | undefined => (Object.hasOwn(environment, name) && environment[name]?.trim() !== "" ? environment[name] : undefined);

  const expandText = (text: string, path: readonly PropertyKey[]): string => {
    if (/^\$\{[^}]*\}$/.test(text)) fromEnvironment.add(pathText(path));
    return text.replace(REFERENCE, (whole, name: string | undefined, byDefault: string | undefined) => {
      if (name === undefined) return "${";
      const value = lookUp(name) ?? byDefault;
      if (value === undefined) problems.push({ path: pathText(path), message: `the environment variable ${name} is not set` });
      return value ?? whole;
    });
  };
  const expand = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === "string") return expandText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]));
    if (!isRawObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, [...path, key])]));
  };
  return { value: expand(raw, []), fromEnvironment, problems };
}
