import type { AuditEntry, AuditStore } from "../port.ts";
import { asText, fromJson, orNull, present } from "./columns.ts";
import type { SqlExecutor, SqlRow, SqlValue } from "./executor.ts";

export function createAuditStore(executor: SqlExecutor): AuditStore {
  return {
    async append(entry) {
      await executor.query(`INSERT INTO audit (at, actor, address, action, target, details) VALUES (?, ?, ?, ?, ?, ?)`, [
        entry.at, entry.actor, orNull(entry.address), entry.action, entry.target === undefined ? null : asText(entry.target),
        entry.details === undefined ? null : JSON.stringify(entry.details),
      ]);
    },
    async list({ limit, before, action }) {
      const conditions: string[] = [];
      const params: SqlValue[] = [];
      if (before !== undefined) {
        conditions.push(`id < ?`);
        params.push(before);
      }
      if (action !== undefined) {
        conditions.push(`action = ?`);
        params.push(action);
      }
      const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
      return (await executor.query(`SELECT * FROM audit ${where} ORDER BY id DESC LIMIT ?`, [...params, limit])).map(toEntry);
    },
  };
}

function toEntry(row: SqlRow): AuditEntry {
  return {
    id: row.id as number,
    at: row.at as number,
    actor: row.actor as string,
    ...present("address", row.address as string | null),
    action: row.action as string,
    ...present("target", row.target as string | null),
    ...(row.details !== null && { details: fromJson<Readonly<Record<string, unknown>>>(row.details) }),
  };
}
