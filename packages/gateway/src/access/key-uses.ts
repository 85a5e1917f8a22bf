import type { Ports } from "../ports.ts";
import type { KeyStore } from "../store/port.ts";
import type { KnownKey } from "./known-key.ts";

/** A key's use is noted this often at most. */
const INTERVAL_MS = 60_000;
/** Uses of this long are written together, behind the replies. */
const BATCH_MS = 250;

/** Notes when keys were last used. */
export class KeyUses {
  readonly #keys: KeyStore;
  readonly #ports: Pick<Ports, "background" | "logger">;
  #pending: { readonly id: number; readonly at: number }[] = [];

  constructor(keys: KeyStore, ports: Pick<Ports, "background" | "logger">) {
    this.#keys = keys;
    this.#ports = ports;
  }

  note(key: KnownKey, now: number): void {
    if (now - key.touchedAt < INTERVAL_MS) return;
    key.touchedAt = now;
    this.#pending.push({ id: key.id, at: now });
    if (this.#pending.length === 1) this.#ports.background.run(this.#writeSoon());
  }

  async #writeSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, BATCH_MS));
    const uses = this.#pending;
    this.#pending = [];
    try {
      await this.#keys.touch(uses);
    } catch (cause) {
      this.#ports.logger.log("warn", "keys.untouched", { keys: uses.length, cause: String(cause) });
    }
  }
}
