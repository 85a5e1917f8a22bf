import type { Desk } from "../office.ts";
import { runtimeDesks } from "./runtime/index.ts";
import { settingsDesks } from "./settings/index.ts";
import { compatibleUsageDesks } from "./usage.ts";

/** The interface of CLIProxyAPI. */
export const compatibleDesks: readonly Desk[] = [...settingsDesks, ...runtimeDesks, ...compatibleUsageDesks];
