import type { Desk } from "../office.ts";

export const liveDesks: readonly Desk[] = [];
