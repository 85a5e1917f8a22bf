import type { Desk } from "../office.ts";

export const peopleDesks: readonly Desk[] = [];
