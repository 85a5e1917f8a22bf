import type { Desk } from "../office.ts";

/** The interface of infiniproxy. */
export const infiniproxyDesks: readonly Desk[] = [];
