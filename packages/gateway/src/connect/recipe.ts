import type { ClientRecipe } from "../management/contract/house.ts";

/** What is filled in. */
export interface Setting {
  /** Without a trailing slash: `http://127.0.0.1:8317`. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

/** How one client is told where to go. */
export interface Recipe extends Omit<ClientRecipe, "steps"> {
  readonly steps: (setting: Setting) => ClientRecipe["steps"];
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A value as one word of a shell. */
export function shell(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** A value as a text in JSON, TOML, YAML, Python and TypeScript: their double-quoted texts agree in what these can hold. */
export const quoted = (value: string): string => JSON.stringify(value);

export const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
