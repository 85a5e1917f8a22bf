import type { Clock } from "../../ports.ts";
import type { Store } from "../../store/port.ts";
import type { LiveEntry } from "./live-entry.ts";
import type { Names } from "./live-view.ts";

/** Names change seldom; so long an old one may be shown. */
const KEPT_MS = 30_000;
const MAX_NAMES = 5000;

interface Known {
  readonly name: string | undefined;
  readonly at: number;
}

/** What users and keys are called, looked up when somebody watches and remembered for a while. */
export class NameBook {
  readonly #store: Store | undefined;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(store: Store | undefined, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Never fails: without a name the id is shown. */
  async of({ keyId, userId }: Pick<LiveEntry, "keyId" | "userId">): Promise<Names> {
    const store = this.#store;
    if (store === undefined) return {};
    const username = userId === undefined ? undefined : await this.#look(`user:${userId}`, async () => (await store.users.find(userId))?.username);
    const keyName = keyId === undefined ? undefined : await this.#look(`key:${keyId}`, async () => nameOfKey(await store.keys.find(keyId)));
    return { ...(username !== undefined && { username }), ...(keyName !== undefined && { keyName }) };
  }

  async #look(id: string, find: () => Promise<string | undefined>): Promise<string | undefined> {
    const now = this.#clock.now();
    const known = this.#known.get(id);
    if (known !== undefined && now - known.at < KEPT_MS) return known.name;
    const name = await find().catch(() => known?.name);
    if (this.#known.size >= MAX_NAMES) this.#known.clear();
    this.#known.set(id, { name, at: now });
    return name;
  }
}

function nameOfKey(key: { readonly name?: string; readonly prefix: string } | undefined): string | undefined {
  return key === undefined ? undefined : (key.name ?? `${key.prefix}…`);
}
