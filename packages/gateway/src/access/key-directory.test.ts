import { describe, expect, test } from "bun:test";
import type { ClientKey, KeyStore, User, UserStore } from "../store/port.ts";
import { KeyDirectory } from "./key-directory.ts";
import { sha256Hex } from "@dragoman/core";
import { foreignHash, hashKey, makeSecret } from "./stored-key.ts";

const SECRET = new Uint8Array(32).fill(1);
const key = (id: number, text: string, over: Partial<ClientKey> = {}): ClientKey =>
  ({ id, prefix: text.slice(0, 12), hash: hashKey(text, SECRET), active: true, createdAt: 0, models: [], dialects: [], ipRanges: [], tags: [], limits: {}, ...over });

function directoryOf(keys: ClientKey[], users: User[] = []) {
  const state = { keys, users, revision: 1, reads: 0, looks: 0, now: 1_000_000, isAway: false, log: [] as string[], updates: [] as unknown[] };
  const guarded = async <T>(value: () => T): Promise<T> => {
    if (state.isAway) throw new Error("away");
    return value();
  };
  const store = {
    keys: { list: () => guarded(() => (state.reads++, state.keys)), revision: () => guarded(() => (state.looks++, state.revision)), update: (id: number, change: object) => guarded(() => state.updates.push([id, change])) } as unknown as KeyStore,
    users: { list: () => guarded(() => state.users) } as unknown as UserStore,
  };
  const directory = new KeyDirectory(store, { clock: { now: () => state.now }, logger: { log: (_level, event) => void state.log.push(event) }, secretKey: SECRET });
  return { directory, state };
}

describe("a key of another gateway", () => {
  const foreign = (): ClientKey[] => [key(1, "theirs", { hash: foreignHash(sha256Hex("theirs")) }), key(2, "ours")];

  test("is good, and kept as ours are from then on", async () => {
    const { directory, state } = directoryOf(foreign());
    await directory.freshen();
    expect([directory.find("ours")?.id, directory.find("guess"), state.updates]).toEqual([2, undefined, []]);
    expect([directory.find("theirs")?.id, directory.remembered("theirs")?.id]).toEqual([1, 1]);
    expect(state.updates).toEqual([[1, { hash: hashKey("theirs", SECRET) }]]);
  });

  test("is good also when that cannot be written", async () => {
    const { directory, state } = directoryOf(foreign());
    await directory.freshen();
    state.isAway = true;
    expect(directory.find("theirs")?.id).toBe(1);
    await Promise.resolve();
    await Promise.resolve();
    expect(state.log).toEqual(["keys.not-rehashed"]);
  });

  test("is not opened by its hash", async () => {
    const { directory } = directoryOf(foreign());
    await directory.freshen();
    for (const guess of [sha256Hex("theirs"), foreignHash(sha256Hex("theirs"))]) expect(directory.find(guess)).toBeUndefined();
  });
});

describe("what is known", () => {
  test("is read once, and looked after every two seconds", async () => {
    const { directory, state } = directoryOf([key(1, "one")]);
    await Promise.all([directory.freshen(), directory.freshen()]);
    expect(directory.freshen()).toBeUndefined();
    expect(directory.find("one")?.id).toBe(1);
    expect(directory.find("two")).toBeUndefined();
    state.now += 2000;
    await directory.freshen();
    expect([state.reads, state.looks]).toEqual([1, 2]);
    state.keys = [key(2, "two")];
    state.revision++;
    state.now += 2000;
    await directory.freshen();
    expect([directory.find("one"), directory.find("two")?.id, directory.remembered("two")?.id]).toEqual([undefined, 2, 2]);
  });

  test("is read anew at once when somebody here changed it", async () => {
    const { directory, state } = directoryOf([key(1, "one")]);
    await directory.freshen();
    expect(directory.wasUsed).toBe(true);
    directory.find("one");
    state.keys = [];
    state.revision++;
    await directory.reload();
    expect([directory.find("one"), directory.remembered("one")]).toEqual([undefined, undefined]);
    expect(directory.wasUsed).toBe(true);
  });

  test("stays when the database is away; before the first read nobody knows anything", async () => {
    const { directory, state } = directoryOf([key(1, "one")]);
    state.isAway = true;
    await directory.freshen();
    expect(() => directory.find("one")).toThrow("The database of the gateway cannot be reached.");
    state.isAway = false;
    state.now += 2000;
    await directory.freshen();
    state.isAway = true;
    state.now += 2000;
    await directory.freshen();
    expect(directory.find("one")?.id).toBe(1);
    expect(state.log).toEqual(["keys.stale", "keys.stale"]);
  });

  test("the time of the last use survives a new reading", async () => {
    const { directory, state } = directoryOf([key(1, "one", { lastUsedAt: 5 })]);
    await directory.freshen();
    const known = directory.find("one");
    expect(known?.touchedAt).toBe(5);
    if (known !== undefined) known.touchedAt = 77;
    state.revision++;
    await directory.reload();
    expect(directory.find("one")?.touchedAt).toBe(77);
  });
});

describe("a key's secret", () => {
  test("has infiniproxy's form, is never the same, and its hash needs the secret of the gateway", () => {
    let count = 0;
    const ids = { random: (length: number) => String(count++).padStart(length, "0") };
    const [one, other] = [makeSecret(ids, SECRET), makeSecret(ids, SECRET)];
    expect(one.key).toMatch(/^sk-[0-9a-f]{64}$/);
    expect(one.key).not.toBe(other.key);
    expect(one.prefix).toBe(one.key.slice(0, 12));
    expect(one.hash).toBe(hashKey(one.key, SECRET));
    expect(one.hash).not.toBe(hashKey(one.key, new Uint8Array(32)));
  });

  test("is hashed as any other program would", () => {
    // echo -n "sk-test" | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…01
    expect(hashKey("sk-test", SECRET)).toBe(new Bun.CryptoHasher("sha256", SECRET).update("sk-test").digest("hex"));
  });
});
