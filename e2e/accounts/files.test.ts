import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../kit/program.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import type { IssuedTokens, Issuer } from "./kit/issuer.ts";
import { startVendor } from "./kit/vendor.ts";

const REQUEST = { model: "claude-sonnet-4-5-20250929", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };
const HOUR = 3_600_000;

interface Place {
  readonly world: AccountWorld;
  readonly issuer: Issuer;
  readonly clock: MovedClock;
  /** A file as a login leaves it. */
  login(owner: string, more?: Record<string, unknown>): { readonly tokens: IssuedTokens; readonly content: Record<string, unknown> };
  send(): Promise<Response>;
  /** Whose tokens the vendor was asked with, in order. */
  owners(): readonly string[];
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function startPlace(owners: readonly string[], more: Record<string, unknown> = {}): Promise<Place> {
  const clock = movedClock();
  const vendor = startVendor();
  const login: Place["login"] = (owner, members = {}) => vendor.login(owner, clock.now() + 8 * HOUR, members);
  const world = await startAccountWorld({
    clock,
    files: Object.fromEntries(owners.map((owner) => [`${owner}.json`, login(owner, more).content])),
    kinds: vendor.kinds,
    config: { routing: { "session-affinity": false } },
  });
  open.push(world, vendor);
  return {
    world, clock, login,
    issuer: vendor.issuer,
    send: () => world.ask("/v1/messages", REQUEST, { "anthropic-version": "2023-06-01" }),
    owners: () => vendor.owners(),
  };
}

const pool = ({ world }: Place): NonNullable<AccountWorld["gateway"]["accounts"]> => {
  if (world.gateway.accounts === undefined) throw new Error("no accounts");
  return world.gateway.accounts;
};

/** Sends without a pause until told to stop. @returns the statuses */
function underLoad(place: Place): () => Promise<readonly number[]> {
  let goesOn = true;
  const statuses: number[] = [];
  const hands = Array.from({ length: 4 }, async () => {
    while (goesOn) {
      const reply = await place.send();
      await reply.text();
      statuses.push(reply.status);
    }
  });
  return async () => {
    goesOn = false;
    await Promise.all(hands);
    return statuses;
  };
}

describe("the directory under load", () => {
  test("a file that is dropped in answers, one that is removed does not any more, and no request fails", async () => {
    const place = await startPlace(["first"]);
    const stop = underLoad(place);
    place.world.store("second.json", place.login("second").content);
    await waitFor(() => (place.owners().includes("second") ? true : undefined));
    unlinkSync(join(place.world.directory, "first.json"));
    await waitFor(() => (pool(place).find("first.json") === undefined ? true : undefined));
    const asked = place.owners().length;
    await waitFor(() => (place.owners().length > asked + 20 ? true : undefined));
    expect(new Set(await stop())).toEqual(new Set([200]));
    // Those under way when it went may still have been its own.
    expect(place.owners().slice(asked + 4)).not.toContain("first");
  });

  test("a file that is replaced, by a rename or by removing and writing, is there all the time", async () => {
    const place = await startPlace(["first"]);
    const stop = underLoad(place);
    const path = join(place.world.directory, "first.json");
    for (const note of ["one", "two", "three"]) {
      const { content } = place.login("first", { note });
      rmSync(path);
      writeFileSync(path, JSON.stringify(content));
      await waitFor(() => (pool(place).find("first.json")?.content.note === note ? true : undefined));
    }
    expect(new Set(await stop())).toEqual(new Set([200]));
  });
});

describe("a file that is edited", () => {
  test("disabled: true takes it out, and back", async () => {
    const place = await startPlace(["first", "second"]);
    const { content } = place.login("first");
    place.world.store("first.json", { ...content, disabled: true });
    await waitFor(() => (place.world.gateway.engine.switchboard.roster.services()[0]?.credentials.length === 1 ? true : undefined));
    await Promise.all(Array.from({ length: 4 }, () => place.send()));
    expect(place.owners()).toEqual(["second", "second", "second", "second"]);
    place.world.store("first.json", content);
    await waitFor(() => (place.world.gateway.engine.switchboard.roster.services()[0]?.credentials.length === 2 ? true : undefined));
    await Promise.all(Array.from({ length: 4 }, () => place.send()));
    expect(place.owners().slice(4).sort()).toEqual(["first", "first", "second", "second"]);
  });

  test("a token whose end is moved into the past is renewed by itself", async () => {
    const place = await startPlace(["first"]);
    const { content, tokens } = place.login("first");
    place.world.store("first.json", { ...content, expired: "2026-11-20T00:00:00Z" });
    await waitFor(() => place.issuer.asked[0]);
    expect(place.issuer.asked[0]).toMatchObject({ refresh_token: tokens.refreshToken });
    await waitFor(() => (place.world.stored("first.json").access_token !== tokens.accessToken ? true : undefined));
  });

  test("what cannot be read is told, and taken up when it can be", async () => {
    const place = await startPlace([]);
    writeFileSync(join(place.world.directory, "first.json"), '{"type": "cla');
    await waitFor(() => pool(place).unread.get("first.json"));
    place.world.store("first.json", { type: "teapot" });
    await waitFor(() => (pool(place).unread.get("first.json")?.includes("teapot") === true ? true : undefined));
    place.world.store("first.json", { sealed: "AQAA" });
    await waitFor(() => (pool(place).unread.get("first.json")?.includes("another key") === true ? true : undefined));
    place.world.store("first.json", place.login("first").content);
    await waitFor(() => pool(place).find("first.json"));
    expect(pool(place).unread.size).toBe(0);
    expect((await place.send()).status).toBe(200);
  });

  test("a file that this program may not read is told, and the others are used", async () => {
    const place = await startPlace(["first"]);
    // A link to itself: nobody can read it, whatever the rights.
    symlinkSync("second.json", join(place.world.directory, "second.json"));
    await waitFor(() => pool(place).unread.get("second.json"));
    expect(pool(place).unread.get("second.json")).toContain("cannot be read");
    place.world.store("third.json", place.login("third").content);
    await waitFor(() => pool(place).find("third.json"));
    expect((await place.send()).status).toBe(200);
  });

  test("accounts in sub-directories count, also in one that is made later", async () => {
    const place = await startPlace([]);
    mkdirSync(join(place.world.directory, "team"));
    place.world.store("team/first.json", place.login("first").content);
    await waitFor(() => pool(place).find("team/first.json"));
    expect((await place.send()).status).toBe(200);
  });
});

describe("a renewal under way", () => {
  /** The vendor's answer waits until the test lets it go. */
  function held(issuer: Issuer): { readonly asked: Promise<void>; release(): void } {
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<undefined>();
    issuer.before = () => {
      asked.resolve();
      return gate.promise;
    };
    return { asked: asked.promise, release: () => gate.resolve(undefined) };
  }

  const expiring = { expired: "2026-11-21T12:00:05Z" };

  test("does not bring back a file that was removed", async () => {
    const place = await startPlace(["first"], expiring);
    const gate = held(place.issuer);
    const reply = place.send();
    await gate.asked;
    unlinkSync(join(place.world.directory, "first.json"));
    gate.release();
    expect((await reply).status).toBe(200);
    await waitFor(() => (pool(place).find("first.json") === undefined ? true : undefined));
    expect(existsSync(join(place.world.directory, "first.json"))).toBe(false);
  });

  test("does not switch a file on again, and loses nothing that was written meanwhile", async () => {
    const place = await startPlace(["first"], expiring);
    const gate = held(place.issuer);
    const reply = place.send();
    await gate.asked;
    place.world.store("first.json", { ...place.world.stored("first.json"), disabled: true, note: "on holiday" });
    gate.release();
    await reply;
    await waitFor(() => (place.world.gateway.engine.switchboard.roster.services()[0]?.credentials.length === 0 ? true : undefined));
    expect(place.world.stored("first.json")).toMatchObject({ disabled: true, note: "on holiday", refresh_token: place.world.gateway.accounts?.find("first.json")?.facts.refreshToken });
  });

  test("leaves another login alone that took the file's place", async () => {
    const place = await startPlace(["first"], expiring);
    const gate = held(place.issuer);
    const reply = place.send();
    await gate.asked;
    const other = place.login("second");
    place.world.store("first.json", other.content);
    gate.release();
    expect((await reply).status).toBe(200);
    expect(place.world.stored("first.json")).toEqual(other.content);
    expect((await place.send()).status).toBe(200);
    expect(place.owners().at(-1)).toBe("second");
  });
});

test("own writes are not read as changes", async () => {
  const place = await startPlace(["first"], { expired: "2026-11-21T12:00:05Z" });
  const before = pool(place).find("first.json");
  const services = place.world.gateway.engine.switchboard.roster.services();
  expect((await place.send()).status).toBe(200);
  await pool(place).noticed("first.json");
  expect(pool(place).find("first.json")).toBe(before);
  expect(place.world.gateway.engine.switchboard.roster.services()).toBe(services);
});
