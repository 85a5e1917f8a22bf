import type { SqlValue } from "./executor.ts";

/** An optional value as a column, and back. */
export const orNull = <T extends SqlValue>(value: T | null | undefined): T | null => value ?? null;

export function present<K extends string, T>(key: K, value: T | null | undefined): { [P in K]?: T } {
  return (value === null || value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}

/** PostgreSQL refuses texts with NUL; one bad text must not keep a whole batch out. */
export const asText = (value: string): string => (value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value);

/** A whole number, whatever came. */
export const asWhole = (value: number | undefined): number => (value !== undefined && Number.isFinite(value) ? Math.round(value) : 0);

export const fromJson = <T>(text: SqlValue | undefined): T => JSON.parse(String(text)) as T;

/** `SET a = ?, b = ?` of the members that are named. */
export interface Assignments {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

export function assignments(columns: Readonly<Record<string, SqlValue | undefined>>): Assignments | undefined {
  const named = Object.entries(columns).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
  return named.length === 0 ? undefined : { sql: named.map(([column]) => `${column} = ?`).join(", "), params: named.map(([, value]) => value) };
}
