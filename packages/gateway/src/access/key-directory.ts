import { GatewayError, sha256Hex } from "@dragoman/core";
import type { Ports } from "../ports.ts";
import type { Store } from "../store/port.ts";
import { foreignHash, hashKey, isForeignHash } from "./stored-key.ts";
import { KnownKey } from "./known-key.ts";

/** How old what is known may be, in ms: other programs may change keys, too. */
const FRESH_MS = 2000;

type DirectoryPorts = Pick<Ports, "clock" | "logger" | "secretKey">;

/** All stored keys, in memory: work for a request does not grow with their number. */
export class KeyDirectory {
  readonly #store: Pick<Store, "keys" | "users">;
  readonly #ports: DirectoryPorts;
  #byHash: ReadonlyMap<string, KnownKey> = new Map();
  /** Keys as they were shown, so that each is hashed once. A wrong key never gets here. */
  #shown = new Map<string, KnownKey>();
  /** Some keys were taken over from another gateway, and not shown here so far. */
  #hasForeign = false;
  #revision: number | undefined;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #checking: Promise<void> | undefined;

  constructor(store: Pick<Store, "keys" | "users">, ports: DirectoryPorts) {
    this.#store = store;
    this.#ports = ports;
  }

  /** Resolves when what is known is fresh; `undefined` when it is. */
  freshen(): Promise<void> | undefined {
    if (this.#ports.clock.now() - this.#checkedAt < FRESH_MS) return undefined;
    return (this.#checking ??= this.#check());
  }

  /** Reads anew, now: somebody here has changed a key or a user. */
  async reload(): Promise<void> {
    await this.#checking;
    this.#checkedAt = Number.NEGATIVE_INFINITY;
    await this.freshen();
  }

  get isRead(): boolean {
    return this.#revision !== undefined;
  }

  /**
   * Keys or users were made here once, and so everybody must show a key: whoever removed the last one wanted to shut
   * somebody out, not to let everybody in.
   * @throws GatewayError `store_unavailable` when nothing was ever read
   */
  get wasUsed(): boolean {
    this.#mustBeRead();
    return this.#byHash.size > 0 || (this.#revision ?? 0) > 0;
  }

  /** A key that was found before. Hashes nothing. */
  remembered(key: string): KnownKey | undefined {
    return this.#shown.get(key);
  }

  /** @throws GatewayError `store_unavailable` when nothing was ever read */
  find(key: string): KnownKey | undefined {
    this.#mustBeRead();
    if (this.#byHash.size === 0) return undefined;
    const hash = hashKey(key, this.#ports.secretKey);
    const known = this.#byHash.get(hash) ?? (this.#hasForeign ? this.#takeOver(key, hash) : undefined);
    if (known !== undefined) this.#shown.set(key, known);
    return known;
  }

  /** Now that its text is known, it is kept as all others are. Should that fail, the next one to be asked tries again. */
  #takeOver(key: string, hash: string): KnownKey | undefined {
    const known = this.#byHash.get(foreignHash(sha256Hex(key)));
    if (known !== undefined) {
      this.#store.keys.update(known.id, { hash }).catch((cause: unknown) => this.#ports.logger.log("warn", "keys.not-rehashed", { keyId: known.id, cause: String(cause) }));
    }
    return known;
  }

  #mustBeRead(): void {
    if (!this.isRead) throw new GatewayError("store_unavailable", { source: "gateway" });
  }

  /** A database that is away does not lock out those who were known before. */
  async #check(): Promise<void> {
    try {
      const revision = await this.#store.keys.revision();
      if (revision !== this.#revision) await this.#read(revision);
    } catch (cause) {
      this.#ports.logger.log("error", "keys.stale", { effect: !this.isRead ? "stored keys are refused" : "changes of keys and users are not seen", cause: String(cause) });
    } finally {
      this.#checkedAt = this.#ports.clock.now();
      this.#checking = undefined;
    }
  }

  async #read(revision: number): Promise<void> {
    const [keys, users] = await Promise.all([this.#store.keys.list(), this.#store.users.list()]);
    const userById = new Map(users.map((user) => [user.id, user]));
    const touched = new Map([...this.#byHash.values()].map((known) => [known.id, known.touchedAt]));
    const byHash = new Map<string, KnownKey>();
    for (const key of keys) {
      const known = new KnownKey(key, key.userId === undefined ? undefined : userById.get(key.userId));
      known.touchedAt = Math.max(known.touchedAt, touched.get(key.id) ?? 0);
      byHash.set(key.hash, known);
    }
    this.#byHash = byHash;
    this.#hasForeign = keys.some(({ hash }) => isForeignHash(hash));
    this.#shown = new Map();
    this.#revision = revision;
  }
}
