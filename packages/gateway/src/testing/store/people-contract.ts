import { refusalOf, withStore, type MakeStore, type TestRunner } from "./store-trial.ts";

const NOW = 1_790_000_000_123;

/** Users and keys. */
export function peopleContract(make: MakeStore, runner: TestRunner): void {
  userContract(make, runner);
  keyContract(make, runner);
}

function userContract(make: MakeStore, { describe, test, expect }: TestRunner): void {
  describe("users", () => {
    test("are found as they were made", withStore(make, async (store) => {
      const ann = await store.users.create({ username: "Ann", email: "ann@example.com", note: "café ☕", limits: { requestsPerMinute: 3, budgets: [{ window: "day", usd: 0.5 }] } }, NOW);
      const bob = await store.users.create({ username: "bob", active: false }, NOW + 1);
      expect(ann).toEqual({ id: ann.id, username: "Ann", email: "ann@example.com", active: true, note: "café ☕", limits: { requestsPerMinute: 3, budgets: [{ window: "day", usd: 0.5 }] }, createdAt: NOW });
      expect(bob).toEqual({ id: bob.id, username: "bob", active: false, limits: {}, createdAt: NOW + 1 });
      expect(await store.users.find(ann.id)).toEqual(ann);
      expect(await store.users.findByName("aNN")).toEqual(ann);
      expect(await store.users.findByName("carol")).toBe(undefined);
      expect(await store.users.list()).toEqual([bob, ann]);
    }));

    test("have names that differ in more than letter case", withStore(make, async (store) => {
      const ann = await store.users.create({ username: "Ann" }, NOW);
      const bob = await store.users.create({ username: "Bob" }, NOW);
      expect(await refusalOf(store.users.create({ username: "ANN" }, NOW))).toBe("StoreConflict");
      expect(await refusalOf(store.users.update(bob.id, { username: "ann" }))).toBe("StoreConflict");
      expect((await store.users.update(ann.id, { username: "ANN" }))?.username).toBe("ANN");
      expect((await store.users.list()).map(({ username }) => username)).toEqual(["Bob", "ANN"]);
    }));

    test("change in the members that are named, and lose those that are null", withStore(make, async (store) => {
      const { id } = await store.users.create({ username: "ann", email: "a@example.com", note: "n", limits: { tokensPerMinute: 5 } }, NOW);
      expect(await store.users.update(id, { active: false, note: null, limits: null })).toEqual({ id, username: "ann", email: "a@example.com", active: false, limits: {}, createdAt: NOW });
      expect(await store.users.update(id, {})).toEqual({ id, username: "ann", email: "a@example.com", active: false, limits: {}, createdAt: NOW });
      expect(await store.users.update(id + 100, { note: "x" })).toBe(undefined);
    }));

    test("go with their keys, and their numbers are not given out again", withStore(make, async (store) => {
      const ann = await store.users.create({ username: "ann" }, NOW);
      const key = await store.keys.create({ prefix: "sk-a", hash: "aa", userId: ann.id }, NOW);
      expect(await store.users.remove(ann.id)).toBe(true);
      expect(await store.users.remove(ann.id)).toBe(false);
      expect(await store.keys.list()).toEqual([]);
      expect((await store.users.create({ username: "ann" }, NOW)).id > ann.id).toBe(true);
      expect((await store.keys.create({ prefix: "sk-a", hash: "aa" }, NOW)).id > key.id).toBe(true);
    }));
  });
}

function keyContract(make: MakeStore, { describe, test, expect }: TestRunner): void {
  describe("keys", () => {
    test("are found as they were made", withStore(make, async (store) => {
      const { id: userId } = await store.users.create({ username: "ann" }, NOW);
      const full = { userId, name: "laptop", prefix: "sk-drag-ab", hash: "a1", active: true, expiresAt: NOW + 5_000_000_000, models: ["gpt-*"], dialects: ["openai-chat"], ipRanges: ["10.0.0.0/8"], tags: ["team a"], limits: { concurrentRequests: 2 }, model: "glm-4.6" };
      const first = await store.keys.create(full, NOW);
      const second = await store.keys.create({ prefix: "sk-drag-cd", hash: "b2", active: false }, NOW);
      expect(first).toEqual({ ...full, id: first.id, createdAt: NOW });
      expect(second).toEqual({ id: second.id, prefix: "sk-drag-cd", hash: "b2", active: false, createdAt: NOW, models: [], dialects: [], ipRanges: [], tags: [], limits: {} });
      expect(await store.keys.find(first.id)).toEqual(first);
      expect(await store.keys.find(second.id + 1)).toBe(undefined);
      expect(await store.keys.list()).toEqual([second, first]);
      expect(await store.keys.list({ userId })).toEqual([first]);
      expect(await refusalOf(store.keys.create({ prefix: "other", hash: "a1" }, NOW))).toBe("StoreConflict");
    }));

    test("change in the members that are named, and lose those that are null", withStore(make, async (store) => {
      const { id } = await store.keys.create({ name: "n", prefix: "p", hash: "h", expiresAt: NOW, models: ["a"], tags: ["t"] }, NOW);
      expect(await store.keys.update(id, { name: null, expiresAt: null, models: null, dialects: ["openai-chat"], hash: "h2", limits: { requestsPerMinute: 1 } }))
        .toEqual({ id, prefix: "p", hash: "h2", active: true, createdAt: NOW, models: [], dialects: ["openai-chat"], ipRanges: [], tags: ["t"], limits: { requestsPerMinute: 1 } });
      expect(await store.keys.update(id + 1, { name: "x" })).toBe(undefined);
      expect(await store.keys.remove(id)).toBe(true);
      expect(await store.keys.remove(id)).toBe(false);
    }));

    test("remember their latest use", withStore(make, async (store) => {
      const { id } = await store.keys.create({ prefix: "p", hash: "h" }, NOW);
      await store.keys.touch([{ id, at: NOW + 9 }, { id: id + 1, at: NOW }]);
      await store.keys.touch([{ id, at: NOW + 4 }]);
      expect((await store.keys.find(id))?.lastUsedAt).toBe(NOW + 9);
    }));

    test("have a revision that grows with each change, seen by every program", withStore(make, async (store, trial) => {
      const other = await trial.another();
      const seen = [await other.keys.revision()];
      const changed = async (): Promise<void> => void seen.push(await other.keys.revision());
      const user = await store.users.create({ username: "ann" }, NOW);
      await changed();
      const key = await store.keys.create({ prefix: "p", hash: "h", userId: user.id }, NOW);
      await changed();
      await store.users.update(user.id, { active: false });
      await changed();
      await store.keys.update(key.id, { tags: ["x"] });
      await changed();
      await store.keys.remove(key.id);
      await changed();
      await store.users.remove(user.id);
      await changed();
      expect(seen.every((revision, at) => at === 0 || revision > (seen[at - 1] as number))).toBe(true);
      const last = await other.keys.revision();
      await store.keys.touch([{ id: key.id, at: NOW }]);
      await store.users.remove(user.id);
      expect(await other.keys.revision()).toBe(last);
    }));
  });
}
