import type { Desk } from "../office.ts";
import { batchDesks } from "./batch.ts";
import { peopleDesks } from "./people.ts";
import { settingsDesks } from "./settings.ts";
import { sessionDesks } from "./session.ts";
import { usageDesks } from "./usage.ts";

/** The interface of infiniproxy. */
export const infiniproxyDesks: readonly Desk[] = [...sessionDesks, ...peopleDesks, ...batchDesks, ...usageDesks, ...settingsDesks];
