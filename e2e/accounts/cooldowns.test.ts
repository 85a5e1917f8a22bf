import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cooldownFile } from "../../packages/server/src/host/cooldown-file.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { startVendor, type Vendor } from "./kit/vendor.ts";

const REQUEST = { model: "claude-sonnet-4-5-20250929", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };
const silent = { log: () => undefined };

const open: Listening[] = [];
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "dragoman-cooldowns-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  rmSync(home, { recursive: true, force: true });
});

interface Run {
  readonly world: AccountWorld;
  send(): Promise<number>;
  /** As the program does at its end. */
  stop(): Promise<void>;
}

interface House {
  readonly vendor: Vendor;
  readonly clock: MovedClock;
  readonly files: Record<string, unknown>;
  run(config?: Record<string, unknown>): Promise<Run>;
}

function makeHouse(owners: readonly string[], members: Record<string, unknown> = {}): House {
  const vendor = startVendor();
  const clock = movedClock();
  open.push(vendor);
  const files: Record<string, unknown> = Object.fromEntries(owners.map((owner) => [`${owner}.json`, vendor.login(owner, clock.now() + 8 * 3_600_000, members).content]));
  return {
    vendor, clock, files,
    async run(config = {}) {
      const cooldowns = cooldownFile(silent, home);
      const world = await startAccountWorld({ clock, files, kinds: vendor.kinds, cooldowns, config: { routing: { "session-affinity": false }, ...config } });
      return {
        world,
        send: async () => (await world.ask("/v1/messages", REQUEST, { "anthropic-version": "2023-06-01" })).status,
        async stop() {
          await world.close();
          cooldowns.close();
        },
      };
    },
  };
}

const tooMany = (seconds: number) => (_request: Request, owner: string): Response | undefined =>
  owner === "first" ? Response.json({ type: "error", error: { type: "rate_limit_error", message: "Too many requests" } }, { status: 429, headers: { "retry-after": String(seconds) } }) : undefined;

const stored = (): string => readFileSync(join(home, "cooldowns.json"), "utf8");

describe("pauses beyond a restart", () => {
  test("one of two minutes goes on to its very end", async () => {
    const house = makeHouse(["first"]);
    house.vendor.instead = tooMany(120);
    const before = await house.run();
    expect(await before.send()).toBe(429);
    await before.stop();
    expect(statSync(join(home, "cooldowns.json")).mode & 0o777).toBe(0o600);
    expect(stored()).not.toContain("access-token");

    house.vendor.instead = undefined;
    const after = await house.run();
    house.clock.advance(119_000);
    expect(await after.send()).toBe(429);
    expect(house.vendor.owners()).toEqual(["first"]);
    house.clock.advance(1001);
    expect(await after.send()).toBe(200);
    await after.stop();
    expect(JSON.parse(stored())).toMatchObject({ cooldowns: [] });
  });

  test("one of half a minute, and one that is over, are not brought back", async () => {
    const house = makeHouse(["first"]);
    house.vendor.instead = tooMany(30);
    const short = await house.run();
    await short.send();
    await short.stop();
    house.vendor.instead = tooMany(60);
    const long = await house.run();
    expect(await long.send()).toBe(429);
    await long.stop();
    expect(house.vendor.owners()).toEqual(["first", "first"]);
    house.vendor.instead = undefined;
    house.clock.advance(60_001);
    const after = await house.run();
    expect(await after.send()).toBe(200);
    await after.stop();
  });

  test("are neither kept nor brought back when the operator does not want it", async () => {
    const house = makeHouse(["first"]);
    house.vendor.instead = tooMany(120);
    const unkept = await house.run({ "save-cooldown-status": false });
    await unkept.send();
    await unkept.stop();
    expect(existsSync(join(home, "cooldowns.json"))).toBe(false);
    const kept = await house.run();
    await kept.send();
    await kept.stop();
    const unread = await house.run({ "save-cooldown-status": false });
    house.vendor.instead = undefined;
    expect(await unread.send()).toBe(200);
    await unread.stop();
  });

  test.each(["", "{", '{"version":2}', '{"version":1,"cooldowns":[{"credential":"first.json"}],"ends":[]}'])("a file that cannot be used is as good as none: %p", async (content) => {
    writeFileSync(join(home, "cooldowns.json"), content);
    const house = makeHouse(["first"]);
    const run = await house.run();
    expect(await run.send()).toBe(200);
    await run.stop();
  });

  test("are written once for many changes", () => {
    const file = cooldownFile(silent, home);
    let asked = 0;
    for (let change = 0; change < 100; change++) file.changed(() => ({ version: 1, cooldowns: [], ends: [{ file: "a.json", type: "banned", message: String(++asked), since: 0, content: "" }] }));
    file.close();
    file.close();
    expect(asked).toBe(1);
    expect(file.load()).toMatchObject({ ends: [{ message: "1" }] });
  });
});

describe("an account that is over", () => {
  test("is not asked after a restart, until its file says something else", async () => {
    const house = makeHouse(["first"], { expired: "2026-11-21T12:00:05Z" });
    const { refresh_token: spent } = house.files["first.json"] as { readonly refresh_token: string };
    house.vendor.issuer.revoke(spent);
    const before = await house.run();
    expect(await before.send()).toBe(401);
    await before.stop();

    const after = await house.run();
    const account = after.world.gateway.accounts?.find("first.json");
    expect(account?.end).toMatchObject({ type: "revoked" });
    expect(await after.send()).toBe(529);
    expect(house.vendor.issuer.asked).toHaveLength(1);
    after.world.store("first.json", house.vendor.login("first", house.clock.now() + 3_600_000).content);
    await after.world.gateway.accounts?.noticed("first.json");
    expect(await after.send()).toBe(200);
    await after.stop();
    expect(JSON.parse(stored())).toMatchObject({ ends: [] });
  });

  test("whose file was changed while the program did not run is asked again", async () => {
    const house = makeHouse(["first"], { expired: "2026-11-21T12:00:05Z" });
    house.vendor.issuer.revoke((house.files["first.json"] as { readonly refresh_token: string }).refresh_token);
    const before = await house.run();
    await before.send();
    await before.stop();
    house.files["first.json"] = house.vendor.login("first", house.clock.now() + 3_600_000).content;
    const after = await house.run();
    expect(await after.send()).toBe(200);
    await after.stop();
  });
});
