import type { Desk } from "../office.ts";

export const houseDesks: readonly Desk[] = [];
