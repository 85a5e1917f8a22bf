import { refusalOf, withStore, type MakeStore, type TestRunner } from "./store-trial.ts";

const NOW = 1_790_000_000_123;

/** The audit log, secrets, and the schema itself. */
export function houseContract(make: MakeStore, { describe, test, expect }: TestRunner): void {
  describe("audit", () => {
    test("is read newest first, page by page, and by action", withStore(make, async (store) => {
      for (let at = 1; at <= 5; at++) await store.audit.append({ at: NOW + at, actor: "cli", action: at % 2 === 0 ? "even" : "odd", ...(at === 5 && { address: "::1", target: "user 1", details: { changed: ["note"] } }) });
      const [first, second, ...none] = await store.audit.list({ limit: 2 });
      expect(first).toEqual({ id: first?.id, at: NOW + 5, actor: "cli", address: "::1", action: "odd", target: "user 1", details: { changed: ["note"] } });
      expect(second).toEqual({ id: second?.id, at: NOW + 4, actor: "cli", action: "even" });
      expect(none).toEqual([]);
      expect((await store.audit.list({ limit: 2, before: second?.id ?? 0 })).map(({ at }) => at)).toEqual([NOW + 3, NOW + 2]);
      expect((await store.audit.list({ limit: 9, action: "even" })).map(({ at }) => at)).toEqual([NOW + 4, NOW + 2]);
    }));
  });

  describe("secrets", () => {
    test("are kept byte by byte", withStore(make, async (store) => {
      const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await store.secrets.put("b", every, NOW);
      await store.secrets.put("a", new Uint8Array([1]), NOW);
      await store.secrets.put("a", new Uint8Array([2, 0]), NOW + 1);
      expect(Array.from((await store.secrets.get("b")) ?? [])).toEqual(Array.from(every));
      expect(Array.from((await store.secrets.get("a")) ?? [])).toEqual([2, 0]);
      expect(await store.secrets.get("c")).toBe(undefined);
      expect(await store.secrets.list()).toEqual([{ name: "a", updatedAt: NOW + 1 }, { name: "b", updatedAt: NOW }]);
      expect(await store.secrets.remove("a")).toBe(true);
      expect(await store.secrets.remove("a")).toBe(false);
    }));
  });

  describe("schema", () => {
    test("is made once, by however many programs at once", async () => {
      const trial = await make();
      try {
        const others = await Promise.all([trial.another(), trial.another(), trial.another()]);
        await Promise.all([trial.store, ...others].map((store) => store.migrate()));
        await trial.store.migrate();
        await trial.store.users.create({ username: "ann" }, NOW);
        for (const other of others) expect((await other.users.list()).map(({ username }) => username)).toEqual(["ann"]);
      } finally {
        await trial.remove();
      }
    });

    test("keeps what is there when it is brought up to date again", withStore(make, async (store) => {
      await store.users.create({ username: "ann" }, NOW);
      await store.migrate();
      expect((await store.users.list()).length).toBe(1);
    }));
  });

  test("programs that write at once wait for each other", withStore(make, async (store, trial) => {
    const other = await trial.another();
    await Promise.all(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? store : other).users.create({ username: `user ${at}` }, NOW)));
    expect((await store.users.list()).length).toBe(40);
    const twice = await Promise.all([store, other].map((each) => refusalOf(each.users.create({ username: "same" }, NOW))));
    expect(twice.toSorted()).toEqual(["StoreConflict", undefined]);
  }));
}
