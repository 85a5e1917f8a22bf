import { describe, expect, test } from "bun:test";
import { GatewayError } from "@dragoman/core";
import type { CoolingPolicy } from "./cooldown.ts";
import type { Credential } from "./credential.ts";
import { HealthBook } from "./health-book.ts";
import { Lane } from "./lane.ts";
import { Rotation, type Strategy, type WeightedSeat } from "./rotation.ts";

const policy: CoolingPolicy = { transientMs: 60_000, probeAfterMs: 3_600_000, random: () => 0 };

interface NamedSeat extends WeightedSeat {
  readonly name: string;
}

function seatsOf(book: HealthBook, weights: readonly number[]): NamedSeat[] {
  return weights.map((weight, index) => ({ name: String.fromCharCode(97 + (index % 26)), weight, health: book.of(`c${index}`, "m") }));
}

function limit(book: HealthBook, index: number, now: number, retryAfterMs: number): void {
  const credential: Credential = { id: `c${index}`, index: "0", label: "", headers: {}, priority: 0, weight: 1, disableCooling: false };
  book.report(credential, "m", { type: "failed", kind: "rate-limited", error: new GatewayError("rate_limited", { retryAfterMs }) }, { now, policy });
}

function picks(rotation: Rotation<NamedSeat>, count: number, now = 0): string {
  return Array.from({ length: count }, () => rotation.turn().next(now)?.name ?? "-").join("");
}

function draw(strategy: Strategy, weights: readonly number[], count: number): string {
  return picks(new Rotation(seatsOf(new HealthBook(), weights), strategy), count);
}

describe("strategies", () => {
  test("round-robin goes round in order", () => expect(draw("round-robin", [1, 1, 1], 7)).toBe("abcabca"));
  test("fill-first stays with the first", () => expect(draw("fill-first", [1, 1, 1], 4)).toBe("aaaa"));
  test("weighted: shares are kept and spread out", () => {
    const order = draw("weighted-round-robin", [5, 1, 1], 14);
    expect(order.split("a").length - 1).toBe(10);
    expect(order.split("b").length - 1).toBe(2);
    expect(order).not.toContain("aaaaa");
  });
  test("weighted: zero and below are left out", () => expect(draw("weighted-round-robin", [1, 0, -3], 3)).toBe("aaa"));
  test("a turn gives each seat once, whatever the strategy", () => {
    for (const strategy of ["round-robin", "weighted-round-robin", "fill-first"] as const) {
      const rotation = new Rotation(seatsOf(new HealthBook(), [3, 1, 2, 1, 3]), strategy);
      for (let start = 0; start < 5; start++) {
        const turn = rotation.turn();
        const all = Array.from({ length: 6 }, () => turn.next(0)?.name);
        expect(all.slice(0, 5).sort()).toEqual(["a", "b", "c", "d", "e"]);
        expect(all[5]).toBeUndefined();
      }
    }
  });
});

describe("cooling seats", () => {
  test("are passed over until their time", () => {
    const book = new HealthBook();
    const rotation = new Rotation(seatsOf(book, [1, 1, 1]), "round-robin");
    limit(book, 1, 0, 1000);
    expect(picks(rotation, 4, 10)).toBe("acac");
    expect(picks(rotation, 3, 1000)).toBe("abc");
  });
  test("a longer pause that follows a shorter one counts", () => {
    const book = new HealthBook();
    const rotation = new Rotation(seatsOf(book, [1]), "round-robin");
    limit(book, 0, 0, 1000);
    limit(book, 0, 0, 5000);
    expect(picks(rotation, 1, 2000)).toBe("-");
    expect(picks(rotation, 1, 5000)).toBe("a");
  });
  test("a shorter pause after a success counts, too", () => {
    const book = new HealthBook();
    const rotation = new Rotation(seatsOf(book, [1]), "round-robin");
    limit(book, 0, 0, 900_000);
    book.report({ id: "c0", index: "0", label: "", headers: {}, priority: 0, weight: 1, disableCooling: false }, "m", { type: "succeeded" }, { now: 10, policy });
    limit(book, 0, 20, 1000);
    expect(picks(rotation, 1, 500)).toBe("-");
    expect(picks(rotation, 1, 1020)).toBe("a");
  });
});

describe("property: a blocked seat is never chosen, and a free one is always found", () => {
  for (const strategy of ["round-robin", "weighted-round-robin", "fill-first"] as const) {
    test(strategy, () => {
      let state = 99;
      const random = (below: number): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return (state >>> 8) % below;
      };
      const book = new HealthBook();
      const seats = seatsOf(book, Array.from({ length: 70 }, (_, index) => 1 + (index % 3)));
      const rotation = new Rotation(seats, strategy);
      let now = 1;
      for (let step = 0; step < 4000; step++) {
        now += random(40);
        if (random(3) > 0) limit(book, random(seats.length), now, 1 + random(3000));
        const free = seats.filter((seat) => seat.health.blockedUntilAt <= now);
        const turn = rotation.turn();
        const first = turn.next(now);
        if (free.length === 0) expect(first).toBeUndefined();
        else expect(free).toContain(first as NamedSeat);
        if (step % 50 === 0 && first !== undefined) {
          const rest: NamedSeat[] = [first];
          for (let seat = turn.next(now); seat !== undefined; seat = turn.next(now)) rest.push(seat);
          expect(new Set(rest).size).toBe(rest.length);
          expect(rest.length).toBe(free.length);
        }
      }
    });
  }
});

describe("work", () => {
  /** How many seats are looked at for a hundred choices among `count`, of which all but the last are cooling. */
  function looks(count: number, cooling: number): number {
    const book = new HealthBook();
    let touched = 0;
    const seats = seatsOf(book, Array.from({ length: count }, () => 1));
    const watched = new Proxy(seats, {
      get(target, key, receiver) {
        if (typeof key === "string" && /^\d+$/.test(key)) touched++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const lane = new Lane(watched);
    for (let index = 0; index < cooling; index++) limit(book, index, 0, 3_000_000);
    touched = 0;
    for (let choice = 0; choice < 100; choice++) expect(lane.turn(false).next(10)).toBeDefined();
    return touched;
  }

  test("does not grow with the number of credentials", () => {
    expect(looks(10_000, 0)).toBe(looks(10, 0));
  });
  test("nor with how many of them are cooling", () => {
    expect(looks(10_001, 10_000)).toBe(looks(11, 10));
    expect(looks(10_001, 10_000)).toBeLessThanOrEqual(200);
  });
});
