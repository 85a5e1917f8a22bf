import type { TakeNote } from "./findings.ts";

/** Trims; drops blank and repeated texts. */
export function trimmedUnique(texts: readonly string[], path: string, note: TakeNote): string[] {
  const seen = new Set<string>();
  texts.forEach((text, index) => {
    const trimmed = text.trim();
    if (trimmed === "") note("dropped", `${path}[${index}]`, "blank");
    else if (seen.has(trimmed)) note("dropped", `${path}[${index}]`, "repeated");
    else seen.add(trimmed);
  });
  return [...seen];
}

/** Patterns are compared without regard to case. */
export function tidyPatterns(patterns: readonly string[]): string[] {
  return [...new Set(patterns.map((pattern) => pattern.trim().toLowerCase()).filter((pattern) => pattern !== ""))];
}

/** Headers without a name or a value are left out. */
export function tidyHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const trimmed = Object.entries(headers).map(([name, value]) => [name.trim(), value.trim()] as const);
  return Object.fromEntries(trimmed.filter(([name, value]) => name !== "" && value !== ""));
}

/** Takes blank texts and negative numbers out of fields where absence says the same. */
export function withoutBlanks<T extends object>(value: T, keys: readonly (keyof T)[]): T {
  const copy = { ...value };
  for (const key of keys) {
    const field = copy[key];
    if (field === "" || field === undefined || (typeof field === "number" && field < 0)) delete copy[key];
  }
  return copy;
}
