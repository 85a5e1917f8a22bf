import { compatibleDesks } from "./compatible/index.ts";
import { infiniproxyDesks } from "./infiniproxy/index.ts";
import type { Desk } from "./office.ts";
import { accountDesks } from "./own/accounts.ts";
import { houseDesks } from "./own/house.ts";
import { liveDesks } from "./own/live.ts";
import { loginDesks } from "./own/logins.ts";
import { observeDesks } from "./own/observe.ts";
import { peopleDesks } from "./own/people.ts";
import { sessionDesks } from "./own/session.ts";
import { usageDesks } from "./own/usage.ts";

/** Everything that the office does. */
export const DESKS: readonly Desk[] = [...sessionDesks, ...peopleDesks, ...usageDesks, ...liveDesks, ...observeDesks, ...houseDesks, ...accountDesks, ...loginDesks, ...compatibleDesks, ...infiniproxyDesks];
