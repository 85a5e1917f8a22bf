/** What is filled in. */
export interface Setting {
  /** Without a trailing slash: `http://127.0.0.1:8317`. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  /** Models for the client's other jobs, by role; where one is missing, the main one does. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Sent along with every request, where the client can do that. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The model for one of the client's jobs. */
export const modelFor = ({ model, roles }: Setting, role: string): string => roles?.[role] ?? model;

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A value as one word of a shell. */
export function shell(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** A value as a text in JSON, TOML, YAML, Python and TypeScript: their double-quoted texts agree in what these can hold. */
export const quoted = (value: string): string => JSON.stringify(value);

export const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
