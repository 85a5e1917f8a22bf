import { toBase64 } from "../../media/base64.ts";
import type { SecretStore } from "../port.ts";
import type { SqlExecutor } from "./executor.ts";

export function createSecretStore(executor: SqlExecutor): SecretStore {
  return {
    async put(name, sealed, now) {
      await executor.query(
        `INSERT INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
        [name, toBase64(sealed), now],
      );
    },
    async get(name) {
      const [row] = await executor.query(`SELECT sealed FROM secrets WHERE name = ?`, [name]);
      return row === undefined ? undefined : fromBase64(String(row.sealed));
    },
    list: async () => (await executor.query(`SELECT name, updated_at FROM secrets ORDER BY name`)).map((row) => ({ name: String(row.name), updatedAt: row.updated_at as number })),
    remove: async (name) => (await executor.query(`DELETE FROM secrets WHERE name = ? RETURNING name`, [name])).length > 0,
  };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
