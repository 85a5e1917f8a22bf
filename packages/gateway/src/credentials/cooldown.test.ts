import { describe, expect, test } from "bun:test";
import { GatewayError, type ErrorCode, type FailureKind } from "@dragoman/core";
import { cool, freshCooldown, type CoolingPolicy, type Failure } from "./cooldown.ts";
import type { Credential } from "./credential.ts";
import { HealthBook } from "./health-book.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const policy: CoolingPolicy = { transientMs: MINUTE, probeAfterMs: HOUR, random: () => 0 };

function failure(kind: FailureKind, retryAfterMs?: number, more: { credentialWide?: boolean; code?: ErrorCode } = {}): Failure {
  const error = new GatewayError(more.code ?? "upstream_server_error", { ...(retryAfterMs !== undefined && { retryAfterMs }) });
  return { type: "failed", kind, error, ...(more.credentialWide === true && { credentialWide: true }) };
}

function pause(kind: FailureKind, own: CoolingPolicy = policy): number {
  const state = freshCooldown();
  cool(state, failure(kind), 1000, own);
  return state.coolUntilAt === 0 ? 0 : state.coolUntilAt - 1000;
}

describe("the table", () => {
  const rows: readonly [FailureKind, number][] = [
    ["credential-rejected", 30 * MINUTE], ["quota-exhausted", 30 * MINUTE], ["model-unavailable", 12 * HOUR], ["rate-limited", 1000],
    ["overloaded", MINUTE], ["unavailable", MINUTE],
    ["request-rejected", 0], ["content-refused", 0], ["client-closed", 0], ["stream-broken", 0],
  ];
  for (const [kind, expected] of rows) test(kind, () => expect(pause(kind)).toBe(expected));

  test("transient pauses can be switched off, and are spread by a tenth at most", () => {
    expect(pause("unavailable", { ...policy, transientMs: 0 })).toBe(0);
    expect(pause("unavailable", { ...policy, random: () => 0.999 })).toBeLessThanOrEqual(66_000);
  });
});

describe("rate limits", () => {
  test("without a time: 1, 2, 4 … 1024, 1800, 1800 s", () => {
    const state = freshCooldown();
    let now = 5000;
    const pauses: number[] = [];
    for (let count = 0; count < 13; count++) {
      cool(state, failure("rate-limited"), now, policy);
      pauses.push((state.coolUntilAt - now) / 1000);
      now = state.coolUntilAt;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1800, 1800]);
  });
  test("parallel ones in one window count once", () => {
    const state = freshCooldown();
    for (let count = 0; count < 20; count++) cool(state, failure("rate-limited"), 1000 + count, policy);
    expect(state.coolUntilAt).toBe(2000);
    cool(state, failure("rate-limited"), 2000, policy);
    expect(state.coolUntilAt).toBe(4000);
  });
  test("the vendor's time is taken exactly", () => {
    const state = freshCooldown();
    cool(state, failure("rate-limited", 37_500), 1000, policy);
    expect(state.coolUntilAt).toBe(38_500);
  });
  test("a later end is never made earlier", () => {
    const state = freshCooldown();
    cool(state, failure("credential-rejected"), 0, policy);
    for (const kind of ["rate-limited", "unavailable"] as const) cool(state, failure(kind, 5000), 10, policy);
    expect(state.coolUntilAt).toBe(30 * MINUTE);
    expect(state.reason).toBe("credential-rejected");
  });
  test("no vendor is believed for longer than a week", () => {
    const state = freshCooldown();
    cool(state, failure("rate-limited", 400 * 24 * HOUR), 0, policy);
    expect(state.vendorUntilAt).toBe(7 * 24 * HOUR);
  });
});

const credential = (id: string, disableCooling = false): Credential =>
  ({ id, index: id, label: id, headers: {}, priority: 0, weight: 1, disableCooling });

describe("the book", () => {
  const report = (book: HealthBook, at: number, model: string, outcome: Failure | { type: "succeeded" }, own = credential("c")) =>
    book.report(own, model, outcome, { now: at, policy });

  test("one exhausted model does not block the others of its credential", () => {
    const book = new HealthBook();
    report(book, 0, "a", failure("rate-limited", 10_000));
    expect(book.of("c", "a").blockedUntilAt).toBe(10_000);
    expect(book.of("c", "b").blockedUntilAt).toBe(0);
  });
  test("a success starts the backoff anew", () => {
    const book = new HealthBook();
    for (const at of [0, 1000, 3000]) report(book, at, "a", failure("rate-limited"));
    expect(book.of("c", "a").blockedUntilAt).toBe(7000);
    report(book, 7000, "a", { type: "succeeded" });
    report(book, 8000, "a", failure("rate-limited"));
    expect(book.of("c", "a").blockedUntilAt).toBe(9000);
  });
  test("what concerns the whole credential blocks all its models, also through one model's success", () => {
    const book = new HealthBook();
    report(book, 0, "a", failure("quota-exhausted", undefined, { credentialWide: true }));
    expect(book.of("c", "b").blockedUntilAt).toBe(30 * MINUTE);
    report(book, 10, "b", { type: "succeeded" });
    expect(book.of("c", "a").blockedUntilAt).toBe(30 * MINUTE);
  });
  test("disable-cooling: nothing is written down", () => {
    const book = new HealthBook();
    report(book, 0, "a", failure("credential-rejected"), credential("c", true));
    expect(book.of("c", "a").blockedUntilAt).toBe(0);
  });
  test("a long pause of the vendor is tried out early, by one request", () => {
    const book = new HealthBook();
    report(book, 0, "a", failure("rate-limited", 5 * HOUR));
    const health = book.of("c", "a");
    expect(health.blockedUntilAt).toBe(HOUR);
    expect(book.probe(health, HOUR)).toBe(true);
    // Nobody follows while it lasts.
    expect(health.blockedUntilAt).toBe(HOUR + MINUTE);
    report(book, HOUR + 1, "a", failure("rate-limited", 4 * HOUR));
    expect(health.blockedUntilAt).toBe(2 * HOUR + 1);
    expect(book.probe(health, 2 * HOUR + 1)).toBe(true);
    report(book, 2 * HOUR + 2, "a", { type: "succeeded" });
    expect(health.blockedUntilAt).toBe(0);
    expect(book.probe(health, 2 * HOUR + 3)).toBe(false);
  });
  test("a whole credential that proved itself is free again for all models", () => {
    const book = new HealthBook();
    report(book, 0, "a", failure("rate-limited", 5 * HOUR, { credentialWide: true }));
    report(book, 10, "b", { type: "succeeded" });
    expect(book.of("c", "a").blockedUntilAt).toBe(HOUR);
    book.probe(book.of("c", "b"), HOUR);
    report(book, HOUR + 1, "b", { type: "succeeded" });
    expect(book.of("c", "a").blockedUntilAt).toBe(0);
  });
  test("credentials that stay keep their state, the others are forgotten", () => {
    const book = new HealthBook();
    report(book, 0, "a", failure("credential-rejected"), credential("stays"));
    report(book, 0, "a", failure("credential-rejected"), credential("goes"));
    book.startOver(new Set(["stays"]));
    expect(book.of("stays", "a").blockedUntilAt).toBe(30 * MINUTE);
    expect(book.of("goes", "a").blockedUntilAt).toBe(0);
  });
});
