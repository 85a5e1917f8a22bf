import { describe, expect, test } from "bun:test";
import { isLoginState, LoginSessions } from "./login-sessions.ts";
import type { BegunLogin, LoginAnswer, SavedLogin } from "../accounts/login/begun-login.ts";

const MINUTE = 60_000;

const saved = (file: string): SavedLogin => ({ file, kind: "codex", label: "me@example.com" });

function scripted(state: string): BegunLogin & { readonly answers: LoginAnswer[]; cancelled: boolean; save(saved: SavedLogin): void; fail(error: Error): void } {
  const { promise, resolve, reject } = Promise.withResolvers<SavedLogin>();
  const answers: LoginAnswer[] = [];
  return {
    kind: "codex", state, url: "https://vendor.example/authorize", finished: promise, answers, cancelled: false,
    answer: (answer) => answers.length === 0 && answers.push(answer) === 1,
    cancel() {
      this.cancelled = true;
    },
    save: resolve,
    fail: reject,
  };
}

function bench(): { now: number; sessions: LoginSessions } {
  const clock = { now: 1_800_000_000_000 };
  return { get now() { return clock.now; }, set now(value) { clock.now = value; }, sessions: new LoginSessions({ now: () => clock.now }) };
}

test("states are narrow", () => {
  expect(["a", "A-z.0_9", "x".repeat(128)].map(isLoginState)).toEqual([true, true, true]);
  expect(["", "x".repeat(129), "a/b", "a..b", "a b", "a\\b", "ä"].map(isLoginState)).toEqual(Array(7).fill(false));
  expect(() => bench().sessions.add(scripted("../x"))).toThrow("state");
});

describe("a session", () => {
  test("is pending, takes one answer, is saved, and is forgotten a minute later", async () => {
    const place = bench();
    const login = scripted("s1");
    place.sessions.add(login);
    expect(place.sessions.state("s1")).toEqual({ kind: "pending" });
    expect(place.sessions.kindOf("s1")).toBe("codex");
    expect(place.sessions.answer("s1", { code: "c" })).toBe("taken");
    expect(place.sessions.answer("s1", { code: "again" })).toBe("not-pending");
    expect(login.answers).toEqual([{ code: "c" }]);
    login.save(saved("codex-a.json"));
    await login.finished;
    expect(place.sessions.state("s1")).toEqual({ kind: "saved", saved: saved("codex-a.json") });
    expect(place.sessions.cancel("s1")).toBe(false);
    place.now += MINUTE - 1;
    expect(place.sessions.state("s1").kind).toBe("saved");
    place.now += 1;
    expect(place.sessions.state("s1").kind).toBe("unknown");
    expect(place.sessions.answer("s1", { code: "c" })).toBe("unknown");
  });

  test("fails with the flow's words", async () => {
    const place = bench();
    const login = scripted("s2");
    place.sessions.add(login);
    login.fail(new Error("Timeout waiting for OAuth callback"));
    await login.finished.catch(() => undefined);
    expect(place.sessions.state("s2")).toEqual({ kind: "failed", error: "Timeout waiting for OAuth callback" });
  });

  test("ends after half an hour, or when it is cancelled; the flow is told", () => {
    const place = bench();
    const [late, cancelled] = [scripted("late"), scripted("cancelled")];
    place.sessions.add(late);
    place.sessions.add(cancelled);
    expect(place.sessions.cancel("cancelled")).toBe(true);
    expect(cancelled.cancelled).toBe(true);
    expect(place.sessions.state("cancelled").kind).toBe("unknown");
    place.now += 30 * MINUTE - 1;
    expect(place.sessions.state("late").kind).toBe("pending");
    place.now += 1;
    expect(place.sessions.state("late").kind).toBe("unknown");
    expect(late.cancelled).toBe(true);
  });

  test("that waits for nobody takes no answer", () => {
    const place = bench();
    place.sessions.add({ ...scripted("dev"), answer: () => false });
    expect(place.sessions.answer("dev", { code: "c" })).toBe("not-pending");
  });
});
