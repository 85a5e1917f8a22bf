import { accountOperations } from "./accounts.ts";
import { houseOperations } from "./house.ts";
import { liveOperations } from "./live.ts";
import { observeOperations } from "./observe.ts";
import { peopleOperations } from "./people.ts";
import { sessionOperations } from "./session.ts";
import { usageOperations } from "./usage.ts";

/** Dragoman's own operations; those that follow CLIProxyAPI's interface are declared by `management/compatible`. */
export const OPERATIONS = { ...peopleOperations, ...usageOperations, ...liveOperations, ...observeOperations, ...houseOperations, ...accountOperations, ...sessionOperations };
export type { Operation } from "./operation.ts";
