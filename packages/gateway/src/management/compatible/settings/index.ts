import type { Desk } from "../../office.ts";
import { entryListDesks } from "./entry-lists.ts";
import { loginMapDesks } from "./oauth-maps.ts";
import { scalarDesks } from "./scalars.ts";
import { stringListDesks } from "./string-lists.ts";
import { wholeConfigDesks } from "./whole-config.ts";

/** What CLIProxyAPI's interface says about the configuration. */
export const settingsDesks: readonly Desk[] = [...wholeConfigDesks, ...scalarDesks, ...stringListDesks, ...entryListDesks, ...loginMapDesks];
