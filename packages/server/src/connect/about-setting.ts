import type { Client, Setting } from "@dragoman/gateway";

/** All models of a setting by role; the main one is `main`. */
export function modelsOf({ model, roles }: Setting): Readonly<Record<string, string>> {
  return { main: model, ...roles };
}

/** Programs that are only given variables choose their models themselves. */
export function takesModel({ start }: Client): boolean {
  return start === undefined || start.command !== undefined;
}

/** What must not be shown of a setting. */
export function secretsOf({ key, headers = {} }: Setting): readonly string[] {
  return [key, ...Object.values(headers)];
}
