import type { ConfigProblem } from "./findings.ts";
import { isRawObject } from "./raw.ts";
import { pathText } from "./schema-view.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `${NAME:-default}`, `${secret:NAME}`, and `$${`, which is a `${` that is meant as it stands. */
const REFERENCE = /\$\$\{|\$\{(secret:[A-Za-z][\w.-]*|[A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** Stored secrets come with the environment, under this and their name. No variable has a colon in its name. */
export const SECRET_PREFIX = "secret:";

export interface Expanded {
  readonly value: unknown;
  /** Paths of the strings that came wholly from one reference: they may stand where a number or a switch is wanted. */
  readonly fromEnvironment: ReadonlySet<string>;
  readonly problems: readonly ConfigProblem[];
}

function absence(name: string): string {
  if (!name.startsWith(SECRET_PREFIX)) return `the environment variable ${name} is not set`;
  const secret = name.slice(SECRET_PREFIX.length);
  return `there is no stored secret ${secret}; run: dragoman secret set ${secret}`;
}

/** Replaces references to environment variables and stored secrets in all strings. A blank variable counts as missing. */
export function expandEnvironment(raw: unknown, environment: Environment): Expanded {
  const fromEnvironment = new Set<string>();
  const problems: ConfigProblem[] = [];
  const lookUp = (name: string): string | undefined => (Object.hasOwn(environment, name) && environment[name]?.trim() !== "" ? environment[name] : undefined);

  const expandText = (text: string, path: readonly PropertyKey[]): string => {
    if (/^\$\{[^}]*\}$/.test(text)) fromEnvironment.add(pathText(path));
    return text.replace(REFERENCE, (whole, name: string | undefined, byDefault: string | undefined) => {
      if (name === undefined) return "${";
      const value = lookUp(name) ?? byDefault;
      if (value === undefined) problems.push({ path: pathText(path), message: absence(name) });
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
