import type { Store } from "../port.ts";
import { createAuditStore } from "./audit.ts";
import { createBudgetStore } from "./budgets.ts";
import type { SqlExecutor } from "./executor.ts";
import { createKeyStore } from "./keys.ts";
import { migrate } from "./migrate.ts";
import { createSecretStore } from "./secrets.ts";
import { createUsageStore } from "./usage/usage-store.ts";
import { createUserStore } from "./users.ts";

/** The store over any SQL database that a host can reach: SQLite from 3.35 on, PostgreSQL from 13 on. */
export function createSqlStore(executor: SqlExecutor): Store {
  return {
    kind: executor.dialect,
    shared: executor.shared,
    migrate: () => migrate(executor),
    users: createUserStore(executor),
    keys: createKeyStore(executor),
    usage: createUsageStore(executor),
    budgets: createBudgetStore(executor),
    audit: createAuditStore(executor),
    secrets: createSecretStore(executor),
    close: () => executor.close(),
  };
}
