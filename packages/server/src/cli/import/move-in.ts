import { type AttemptRecord, type ClientKey, foreignHash, type Store } from "@dragoman/gateway";
import type { TheirDatabase, TheirKey, TheirUsage, TheirUser } from "./infiniproxy-database.ts";

export interface Moved {
  readonly users: number;
  readonly keys: number;
  /** Records. */
  readonly usage: number;
  /** Users and keys that an earlier run had taken over. */
  readonly known: number;
}

/** Marks a key that was taken over, so that a second run knows it though its hash has changed since. */
const markOf = (id: number): string => `infiniproxy-key-${id}`;

/** Puts users, keys and usage into our store. What an earlier run did is found and left as it is. */
export async function moveIn(theirs: TheirDatabase, store: Store): Promise<Moved> {
  let known = 0;
  let made = { users: 0, keys: 0 };
  const userIds = new Map<number, number>();
  for (const user of theirs.users()) {
    const earlier = await store.users.findByName(user.username);
    if (earlier === undefined) made = { ...made, users: made.users + 1 };
    else known++;
    userIds.set(user.id, (earlier ?? await makeUser(store, user)).id);
  }
  const marked = new Map((await store.keys.list()).flatMap((key) => key.tags.map((tag) => [tag, key] as const)));
  const keys = new Map<number, ClientKey>();
  for (const key of theirs.keys()) {
    const earlier = marked.get(markOf(key.id));
    if (earlier === undefined) made = { ...made, keys: made.keys + 1 };
    else known++;
    keys.set(key.id, earlier ?? await makeKey(store, key, userIds.get(key.user_id)));
  }
  return { ...made, usage: await moveUsage(theirs, store, keys), known };
}

function makeUser(store: Store, { username, email, created_at, is_active }: TheirUser): ReturnType<Store["users"]["create"]> {
  return store.users.create({ username, ...(hasText(email) && { email }), active: is_active !== 0 }, momentOf(created_at));
}

/** Active or not: usage hangs on it. A key whose user is gone belongs to nobody, and is switched off. */
async function makeKey(store: Store, key: TheirKey, userId: number | undefined): Promise<ClientKey> {
  const made = await store.keys.create({
    prefix: key.key_prefix, hash: foreignHash(key.key_hash), active: key.is_active !== 0 && userId !== undefined, tags: [markOf(key.id)],
    ...(userId !== undefined && { userId }),
    ...(hasText(key.name) && { name: key.name }),
    ...(hasText(key.model_name) && { model: key.model_name }),
  }, momentOf(key.created_at));
  if (hasText(key.last_used_at)) await store.keys.touch([{ id: made.id, at: momentOf(key.last_used_at) }]);
  return made;
}

async function moveUsage(theirs: TheirDatabase, store: Store, keys: ReadonlyMap<number, ClientKey>): Promise<number> {
  let count = 0;
  for (const page of theirs.usage()) {
    const records = page.flatMap((row) => {
      const key = keys.get(row.api_key_id);
      return key === undefined ? [] : [attemptOf(row, key)];
    });
    await store.usage.append(records);
    count += records.length;
  }
  return count;
}

/** The same row is the same attempt each time: a store takes it once. */
function attemptOf(row: TheirUsage, key: ClientKey): AttemptRecord {
  const isChat = !row.endpoint.endsWith("/messages");
  const model = row.model ?? "";
  return {
    requestId: `infiniproxy-${row.id}`, attempt: 1, startedAt: momentOf(row.timestamp), durationMs: 0,
    principal: `key:${key.id}`, keyId: key.id, ...(key.userId !== undefined && { userId: key.userId }),
    endpoint: `POST ${row.endpoint}`, clientDialect: isChat ? "openai-chat" : "anthropic-messages", upstreamDialect: "openai-chat",
    provider: "backend", credential: "infiniproxy", credentialIndex: "0000000000000000", modelAsked: model, modelUpstream: model,
    streamed: false, passthrough: isChat, outcome: "succeeded", status: 200,
    usage: { inputFresh: row.input_tokens ?? 0, outputVisible: row.output_tokens ?? 0 }, losses: [],
  };
}

const hasText = (text: string | null | undefined): text is string => text !== null && text !== undefined && text.trim() !== "";

/** Epoch ms of a time in UTC without a zone, such as Python's `isoformat` writes; 0 when it is none. */
function momentOf(text: string): number {
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(" ", "T")}Z`);
  return Number.isNaN(time) ? 0 : time;
}
