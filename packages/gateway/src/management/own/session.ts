import type { Desk } from "../office.ts";

export const sessionDesks: readonly Desk[] = [];
