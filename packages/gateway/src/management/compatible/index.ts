import type { Desk } from "../office.ts";

/** The interface of CLIProxyAPI. */
export const compatibleDesks: readonly Desk[] = [];
