import { afterEach, describe, expect, test } from "bun:test";
import { ACCOUNT_KINDS } from "../../packages/gateway/src/accounts/kinds/index.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { startVendor } from "./kit/vendor.ts";

const MODEL = "claude-sonnet-4-5-20250929";
const REQUEST = { model: MODEL, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface Place {
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  /** Whom the vendor was asked as, and for what. */
  readonly asked: string[];
  /** Answers by owner and model; everything else is answered well. */
  readonly statuses: Map<string, number>;
  send(): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
}

async function startPlace(quota: Record<string, unknown>, previewModels?: Readonly<Record<string, readonly string[]>>): Promise<Place> {
  const clock = movedClock();
  const vendor = startVendor();
  const asked: string[] = [];
  const statuses = new Map<string, number>();
  vendor.instead = async (request, owner) => {
    const { model } = await request.clone().json() as { readonly model: string };
    asked.push(`${owner} ${model}`);
    const status = statuses.get(`${owner} ${model}`);
    return status === undefined ? undefined : Response.json({ type: "error", error: { type: "rate_limit_error", message: "used up" } }, { status, headers: { "retry-after": "60" } });
  };
  const own = ACCOUNT_KINDS.find(({ name }) => name === "claude");
  if (own === undefined) throw new Error("no such kind");
  const world = await startAccountWorld({
    clock,
    files: Object.fromEntries(["first", "second"].map((owner) => [`${owner}.json`, vendor.login(owner, clock.now() + 8 * 3_600_000).content])),
    kinds: vendor.kinds,
    accountKinds: [{ ...own, ...(previewModels !== undefined && { previewModels }) }],
    config: { routing: { "session-affinity": false, strategy: "fill-first" }, "quota-exceeded": quota },
  });
  open.push(world, vendor);
  return {
    world, clock, asked, statuses,
    async send() {
      const reply = await world.ask("/v1/messages", REQUEST, { "anthropic-version": "2023-06-01" });
      return { status: reply.status, body: await reply.json() as Record<string, unknown> };
    },
  };
}

describe("preview names", () => {
  test("are tried on the same account after a 429, in order, before another account is asked", async () => {
    const place = await startPlace({ "preview-models": { [MODEL]: ["preview-a", "preview-b"] } }, {});
    place.statuses.set(`first ${MODEL}`, 429).set("first preview-a", 429);
    const { status, body } = await place.send();
    expect(status).toBe(200);
    expect(place.asked).toEqual([`first ${MODEL}`, "first preview-a", "first preview-b"]);
    expect(body.model).toBe(MODEL);
    expect(place.world.attempts.map(({ modelUpstream }) => modelUpstream)).toEqual([MODEL, "preview-a", "preview-b"]);
  });

  test("that pause themselves are passed by; when all accounts pause for the model, the names that do not are used", async () => {
    const place = await startPlace({}, { [MODEL]: ["preview-a"] });
    for (const owner of ["first", "second"]) place.statuses.set(`${owner} ${MODEL}`, 429);
    place.statuses.set("first preview-a", 429);
    expect((await place.send()).status).toBe(200);
    expect(place.asked).toEqual([`first ${MODEL}`, "first preview-a", `second ${MODEL}`, "second preview-a"]);
    place.asked.length = 0;
    expect((await place.send()).status).toBe(200);
    expect(place.asked).toEqual(["second preview-a"]);
    place.clock.advance(60_001);
    place.statuses.clear();
    place.asked.length = 0;
    expect((await place.send()).status).toBe(200);
    expect(place.asked).toEqual([`first ${MODEL}`]);
  });

  test("end with any other failure", async () => {
    const place = await startPlace({}, { [MODEL]: ["preview-a", "preview-b"] });
    place.statuses.set(`first ${MODEL}`, 429).set("first preview-a", 500);
    expect((await place.send()).status).toBe(200);
    expect(place.asked).toEqual([`first ${MODEL}`, "first preview-a", `second ${MODEL}`]);
  });

  test("are tried even where other accounts are not", async () => {
    const place = await startPlace({ "switch-project": false }, { [MODEL]: ["preview-a"] });
    place.statuses.set(`first ${MODEL}`, 429).set("first preview-a", 429);
    expect((await place.send()).status).toBe(429);
    expect(place.asked).toEqual([`first ${MODEL}`, "first preview-a"]);
  });

  test.each([
    ["the operator does not want them", { "switch-preview-model": false, "preview-models": { [MODEL]: ["preview-a"] } }, {}],
    ["the kind has none", { "preview-models": { [MODEL]: ["preview-a"] } }, undefined],
  ])("are not used when %s", async (_why, quota, ofKind) => {
    const place = await startPlace(quota, ofKind);
    place.statuses.set(`first ${MODEL}`, 429);
    expect((await place.send()).status).toBe(200);
    expect(place.asked).toEqual([`first ${MODEL}`, `second ${MODEL}`]);
  });
});
