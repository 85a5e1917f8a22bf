import type { AttemptRecord } from "./attempt-record.ts";

/** Who, where and what: the members of a record that thousands of others have alike. */
export type SeriesMembers = Pick<AttemptRecord, "principal" | "keyId" | "userId" | "endpoint" | "clientDialect" | "upstreamDialect" | "provider" | "credential" | "credentialIndex" | "modelAsked" | "modelUpstream">;

interface Entry<T> {
  readonly members: SeriesMembers;
  readonly value: T;
}

/** By those members that differ most; what is left differs in little else. */
type Shelf<T> = Map<string, Map<string, Map<string, Entry<T>[]>>>;

/** Something that is worked out once for all records of a series. Found word by word: texts put together for it would cost more. */
export class SeriesMemory<T> {
  readonly #limit: number;
  #shelf: Shelf<T> = new Map();
  #size = 0;
  /** Asked for last: on a machine of one person the next one is mostly the same. */
  #last: Entry<T> | undefined;

  /** Beyond `limit` series all are forgotten: whoever asks works it out anew. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(of: SeriesMembers): T | undefined {
    if (this.#last !== undefined && isSame(this.#last.members, of)) return this.#last.value;
    const entries = this.#shelf.get(of.principal)?.get(of.credentialIndex)?.get(of.modelAsked);
    if (entries === undefined) return undefined;
    this.#last = entries.find(({ members }) => isSame(members, of));
    return this.#last?.value;
  }

  set(of: SeriesMembers, value: T): void {
    if (this.#size >= this.#limit) {
      this.#shelf = new Map();
      this.#size = 0;
    }
    this.#last = undefined;
    this.#size += 1;
    const ofPrincipal = getOrMake(this.#shelf, of.principal, () => new Map<string, Map<string, Entry<T>[]>>());
    const ofCredential = getOrMake(ofPrincipal, of.credentialIndex, () => new Map<string, Entry<T>[]>());
    getOrMake(ofCredential, of.modelAsked, () => [] as Entry<T>[]).push({ members: membersOf(of), value });
  }
}

/** They alone: a whole record would be kept. */
export function membersOf({ principal, keyId, userId, endpoint, clientDialect, upstreamDialect, provider, credential, credentialIndex, modelAsked, modelUpstream }: SeriesMembers): SeriesMembers {
  return {
    principal, ...(keyId !== undefined && { keyId }), ...(userId !== undefined && { userId }),
    endpoint, clientDialect, upstreamDialect, provider, credential, credentialIndex, modelAsked, modelUpstream,
  };
}

function isSame(a: SeriesMembers, b: SeriesMembers): boolean {
  return a.keyId === b.keyId && a.userId === b.userId && a.principal === b.principal && a.credentialIndex === b.credentialIndex && a.modelAsked === b.modelAsked
    && a.modelUpstream === b.modelUpstream && a.endpoint === b.endpoint && a.clientDialect === b.clientDialect && a.upstreamDialect === b.upstreamDialect
    && a.provider === b.provider && a.credential === b.credential;
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
