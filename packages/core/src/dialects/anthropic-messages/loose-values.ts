/** The value when it is a string. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value when it is a number. */
export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
