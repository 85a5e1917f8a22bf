import type { Environment } from "../config/expand-environment.ts";

/** The text of a variable; `undefined` when it is not set, or blank. */
export function textOf(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === undefined || text === "" ? undefined : text;
}

/** A whole number within limits, both included; `undefined` for everything else. */
export function numberOf(environment: Environment, name: string, [least, most]: readonly [number, number]): number | undefined {
  const text = textOf(environment, name) ?? "";
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

export function portOf(environment: Environment, name: string): number | undefined {
  return numberOf(environment, name, [1, 65_535]);
}

/** `undefined` for what is no word for yes or no. */
export function flagOf(environment: Environment, name: string): boolean | undefined {
  const text = textOf(environment, name)?.toLowerCase() ?? "";
  if (/^(true|1|yes|on)$/.test(text)) return true;
  return /^(false|0|no|off)$/.test(text) ? false : undefined;
}

/** What is written into a configuration in place of a variable's value. */
export function referenceTo(name: string): string {
  return `\${${name}}`;
}
