import type { Desk } from "../office.ts";

export const usageDesks: readonly Desk[] = [];
