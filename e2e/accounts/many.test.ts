import { afterEach, describe, expect, test } from "bun:test";
import { waitFor } from "../kit/program.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld } from "./kit/account-world.ts";
import { startVendor, type Vendor } from "./kit/vendor.ts";

const REQUEST = { model: "claude-sonnet-4-5-20250929", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };
const HEADERS = { "anthropic-version": "2023-06-01" };

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface Place {
  readonly world: AccountWorld;
  readonly vendor: Vendor;
  send(more?: Record<string, unknown>, signal?: AbortSignal): Promise<Response>;
  /** Requests that the vendor has in hand: they wait until they are let go. */
  readonly inHand: { readonly owner: string; letGo(): void }[];
  readonly most: () => number;
}

async function startPlace(files: Readonly<Record<string, Record<string, unknown>>>, config: Record<string, unknown> = {}, ofKind: Record<string, unknown> = {}): Promise<Place> {
  const clock = movedClock();
  const vendor = startVendor();
  const inHand: { owner: string; letGo: () => void }[] = [];
  let most = 0;
  vendor.instead = async (_request, owner) => {
    const gate = Promise.withResolvers<undefined>();
    const mine = { owner, letGo: () => {
      inHand.splice(inHand.indexOf(mine), 1);
      gate.resolve(undefined);
    } };
    inHand.push(mine);
    most = Math.max(most, inHand.length);
    return gate.promise;
  };
  const world = await startAccountWorld({
    clock,
    files: Object.fromEntries(Object.entries(files).map(([owner, members]) => [`${owner}.json`, vendor.login(owner, clock.now() + 8 * 3_600_000, members).content])),
    kinds: { claude: { ...(vendor.kinds.claude as object), ...ofKind } },
    config: { routing: { "session-affinity": false }, ...config },
  });
  open.push(world, vendor);
  return {
    world, vendor, inHand,
    most: () => most,
    send: (more = {}, signal) => fetch(`${world.origin}/v1/messages`, {
      method: "POST", headers: { "content-type": "application/json", authorization: "Bearer client-key-for-tests", ...HEADERS }, body: JSON.stringify({ ...REQUEST, ...more }), ...(signal !== undefined && { signal }),
    }),
  };
}

const inHandOf = (place: Place, count: number): Promise<true> => waitFor(() => (place.inHand.length === count ? true : undefined));

describe("an account that takes only so many requests at a time", () => {
  test("is passed by when it is full; when all are, the client hears when to come back", async () => {
    const place = await startPlace({ first: { max_concurrency: 1 }, second: { max_concurrency: 2 } });
    const replies = [place.send(), place.send(), place.send()];
    await inHandOf(place, 3);
    expect(place.inHand.map(({ owner }) => owner).sort()).toEqual(["first", "second", "second"]);
    const refused = await place.send();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refused.json()).toMatchObject({ error: { type: "rate_limit_error", message: expect.stringContaining("busy") } });
    for (const each of [...place.inHand]) each.letGo();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const next = place.send();
    await inHandOf(place, 1);
    place.inHand[0]?.letGo();
    expect((await next).status).toBe(200);
  });

  test("is waited for, in the order of coming, when waiting is allowed", async () => {
    const place = await startPlace({ first: { max_concurrency: 2 } }, { "max-retry-interval": 30 });
    const replies = Array.from({ length: 12 }, () => place.send());
    for (let done = 0; done < 12; done++) {
      await waitFor(() => (place.inHand.length === Math.min(2, 12 - done) ? true : undefined));
      place.inHand[0]?.letGo();
    }
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(place.most()).toBe(2);
  });

  test("two that have room at once take two who wait", async () => {
    const place = await startPlace({ first: { max_concurrency: 2 } }, { "max-retry-interval": 30 });
    const replies = Array.from({ length: 4 }, () => place.send());
    await inHandOf(place, 2);
    for (const each of [...place.inHand]) each.letGo();
    await waitFor(() => (place.vendor.owners().length === 4 ? true : undefined));
    for (const each of [...place.inHand]) each.letGo();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test("is busy until the last byte of a stream, or until the client leaves", async () => {
    const place = await startPlace({ first: { max_concurrency: 1 } });
    const end = Promise.withResolvers<void>();
    let streams = 0;
    place.vendor.instead = async (request) => {
      const whole = await (await place.vendor.upstream.fetch(request)).text();
      const half = whole.indexOf("event:", whole.length / 2);
      streams += 1;
      return new Response(new ReadableStream({
        async start(stream) {
          stream.enqueue(new TextEncoder().encode(whole.slice(0, half)));
          await end.promise;
          stream.enqueue(new TextEncoder().encode(whole.slice(half)));
          stream.close();
        },
      }), { headers: { "content-type": "text/event-stream" } });
    };
    const leaving = new AbortController();
    const left = await place.send({ stream: true }, leaving.signal);
    await left.body?.getReader().read();
    expect((await place.send({ stream: true })).status).toBe(429);
    leaving.abort();
    const stays = await waitFor(() => (place.world.attempts.length > 0 ? true : undefined)).then(() => place.send({ stream: true }));
    expect(stays.status).toBe(200);
    expect((await place.send({ stream: true })).status).toBe(429);
    end.resolve();
    expect(await stays.text()).toContain("message_stop");
    expect((await place.send({ stream: true })).status).toBe(200);
    expect(streams).toBe(3);
  });

  test("is limited for all of its kind, unless its file says otherwise", async () => {
    const place = await startPlace({ first: {}, second: { max_concurrency: 3 } }, {}, { "max-concurrency": 1 });
    const replies = Array.from({ length: 4 }, () => place.send());
    await inHandOf(place, 4);
    expect(place.inHand.map(({ owner }) => owner).sort()).toEqual(["first", "second", "second", "second"]);
    expect((await place.send()).status).toBe(429);
    for (const each of [...place.inHand]) each.letGo();
    await Promise.all(replies);
  });
});
