import type { AccountKind, AccountSocket } from "../accounts/account-kind.ts";
import type { AccountPool } from "../accounts/account-pool.ts";
import type { Config } from "../config/index.ts";
import type { Ports } from "../ports.ts";
import type { SocketDoor } from "./socket-door.ts";

type KindWithSocket = AccountKind & { readonly socket: AccountSocket };

/** Accounts that are there as long as their connection is. */
export class AccountSockets {
  readonly #pool: AccountPool;
  readonly #ports: Pick<Ports, "clock" | "ids">;
  readonly #byPath: ReadonlyMap<string, KindWithSocket>;
  readonly #open = new Map<KindWithSocket, Set<{ end(reason: string): void }>>();
  #guarded: ReadonlySet<AccountKind>;

  constructor(pool: AccountPool, ports: Pick<Ports, "clock" | "ids">, config: Config) {
    this.#pool = pool;
    this.#ports = ports;
    this.#byPath = new Map(pool.kinds.filter(hasSocket).map((kind) => [kind.socket.path, kind]));
    this.#guarded = this.#guardedBy(config);
  }

  kindAt(path: string): KindWithSocket | undefined {
    return this.#byPath.get(path);
  }

  /** Those who came without a key are sent away once one is asked for. */
  reload(config: Config): void {
    const before = this.#guarded;
    this.#guarded = this.#guardedBy(config);
    for (const [kind, sessions] of this.#open) {
      if (!this.#guarded.has(kind) || before.has(kind)) continue;
      for (const session of sessions) session.end("a client key is asked for now");
    }
  }

  accept(kind: KindWithSocket): SocketDoor {
    const { clock, ids } = this.#ports;
    const name = `${kind.name}-${ids.random(16).toLowerCase()}`;
    const sessions = this.#open.get(kind) ?? new Set();
    this.#open.set(kind, sessions);
    const session = kind.socket.accept({
      name, clock,
      newId: () => crypto.randomUUID(),
      join: (content, carry) => void this.#pool.join(name, kind, content, carry),
      leave: () => {
        sessions.delete(session);
        this.#pool.leave(name);
      },
    });
    sessions.add(session);
    return session;
  }

  close(): void {
    for (const sessions of this.#open.values()) for (const session of sessions) session.end("the gateway stops");
  }

  #guardedBy(config: Config): ReadonlySet<AccountKind> {
    return new Set([...this.#byPath.values()].filter((kind) => kind.socket.isGuarded(config)));
  }
}

function hasSocket(kind: AccountKind): kind is KindWithSocket {
  return kind.socket !== undefined;
}
