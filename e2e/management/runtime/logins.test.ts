import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { BegunLogin, LoginAnswer, LoginOptions, LoginProvider, SavedLogin } from "@dragoman/gateway";
import { startOffice, type Answer, type RunningOffice } from "../../kit/office.ts";

/** A flow that does what a test says. */
interface Scripted {
  readonly provider: LoginProvider;
  readonly options: LoginOptions;
  readonly answers: LoginAnswer[];
  cancelled: boolean;
  save(saved?: SavedLogin): void;
  fail(message: string): void;
}

let office: RunningOffice;
let flows: Scripted[];
let brokenDisk: boolean;

function begin(provider: LoginProvider, options: LoginOptions): BegunLogin | undefined {
  if (provider === "antigravity") return undefined;
  const { promise, resolve, reject } = Promise.withResolvers<SavedLogin>();
  const flow: Scripted = { provider, options, answers: [], cancelled: false, save: (saved = { file: `${provider}-a.json` }) => resolve(saved), fail: (message) => reject(new Error(message)) };
  flows.push(flow);
  const isDevice = provider === "qwen" || provider === "kimi";
  return {
    state: `state-${flows.length}`, url: `https://vendor.example/${provider}`, finished: promise,
    ...(isDevice ? { device: { userCode: "ABCD-1234", expiresInSeconds: 600 } } : {
      answer: async (answer: LoginAnswer) => {
        if (brokenDisk) throw new Error("/secret/path is full");
        flow.answers.push(answer);
      },
    }),
    cancel: () => void (flow.cancelled = true),
  };
}

beforeEach(async () => {
  flows = [];
  brokenDisk = false;
  office = await startOffice({ office: { logins: { begin: async (provider, options) => begin(provider, options) } } });
});
afterEach(() => office.close());

const codes = ({ status, body }: Answer): unknown[] => [status, body];
const start = async (word = "codex", query = ""): Promise<unknown[]> => codes(await office.get(`/${word}-auth-url${query}`));
const statusOf = async (state: string): Promise<unknown[]> => codes(await office.get(`/get-auth-status?state=${encodeURIComponent(state)}`));
const flow = (): Scripted => {
  const last = flows.at(-1);
  if (last === undefined) throw new Error("no login was begun");
  return last;
};
const MINUTE = 60_000;

describe("GET /<provider>-auth-url", () => {
  test.each(["anthropic", "codex", "gemini-cli", "iflow", "xai"])("%s: an address and a state", async (word) => {
    expect(await start(word)).toEqual([200, { status: "ok", url: expect.stringMatching(/^https:\/\/vendor\.example\//), state: "state-1" }]);
    expect(flow().options).toEqual({ forward: false });
  });

  test.each(["qwen", "kimi"])("%s: a code for a device", async (word) => {
    expect(await start(word)).toEqual([200, { status: "ok", url: `https://vendor.example/${word}`, state: "state-1", flow: "device", user_code: "ABCD-1234", expires_in: 600 }]);
  });

  test("what a page may say beside it", async () => {
    await start("gemini-cli", "?project_id=my-project&is_webui=TRUE");
    expect(flow()).toMatchObject({ provider: "gemini", options: { forward: true, projectId: "my-project" } });
  });

  test("one that is not configured says so; a host without logins says so of all", async () => {
    expect(await start("antigravity")).toEqual([501, { status: "error", error: "antigravity login is not configured" }]);
    const bare = await startOffice();
    for (const word of ["anthropic", "codex", "gemini-cli", "qwen", "iflow", "antigravity", "kimi", "xai"]) {
      const { status, body } = await bare.get(`/${word}-auth-url`);
      expect([status, body]).toEqual([501, { status: "error", error: `${word === "gemini-cli" ? "gemini" : word} login is not configured` }]);
    }
    await bare.close();
  });
});

describe("GET /get-auth-status", () => {
  test("wait, then ok for a minute", async () => {
    await start();
    expect(await statusOf("state-1")).toEqual([200, { status: "wait" }]);
    flow().save();
    await Promise.resolve();
    expect(await statusOf("state-1")).toEqual([200, { status: "ok" }]);
    office.clock.advance(MINUTE);
    expect(await statusOf("state-1")).toEqual([200, { status: "error", error: "unknown or expired state" }]);
  });

  test("wait, then the error", async () => {
    await start();
    flow().fail("Timeout waiting for OAuth callback");
    await Promise.resolve();
    expect(await statusOf("state-1")).toEqual([200, { status: "error", error: "Timeout waiting for OAuth callback" }]);
  });

  test("half an hour is enough", async () => {
    await start();
    office.clock.advance(30 * MINUTE);
    expect(await statusOf("state-1")).toEqual([200, { status: "error", error: "unknown or expired state" }]);
    expect(flow().cancelled).toBe(true);
  });

  test("no state, and states that are none", async () => {
    expect(codes(await office.get("/get-auth-status"))).toEqual([200, { status: "ok" }]);
    for (const state of ["a/b", "a..b", "x".repeat(129), "a b"]) expect(await statusOf(state)).toEqual([400, { status: "error", error: "invalid state" }]);
  });
});

describe("POST /oauth-callback", () => {
  const answer = async (body: unknown): Promise<unknown[]> => codes(await office.call("POST", "/oauth-callback", { body }));
  const refused = (status: number, error: string): unknown[] => [status, { status: "error", error }];

  test("the pasted address is taken apart; once", async () => {
    await start();
    const body = { provider: "codex", redirect_url: "http://localhost:1455/auth/callback?code=abc&state=state-1" };
    expect(await answer(body)).toEqual([200, { status: "ok" }]);
    expect(flow().answers).toEqual([{ code: "abc" }]);
    expect(await answer(body)).toEqual(refused(409, "oauth flow is not pending"));
  });

  test("parts that are given go before those of the address", async () => {
    await start();
    expect(await answer({ code: "mine", redirect_url: "http://localhost/?code=other&state=state-1" })).toEqual([200, { status: "ok" }]);
    expect(flow().answers).toEqual([{ code: "mine" }]);
  });

  test("an error of the vendor, also by its description", async () => {
    await start();
    expect(await answer({ provider: "openai", error: "access_denied", state: "state-1" })).toEqual([200, { status: "ok" }]);
    await start();
    expect(await answer({ redirect_url: "http://localhost/?error_description=no+way&state=state-2" })).toEqual([200, { status: "ok" }]);
    expect(flows.map(({ answers }) => answers)).toEqual([[{ error: "access_denied" }], [{ error: "no way" }]]);
  });

  test.each([["anthropic", "claude"], ["codex", "openai"], ["xai", "x.ai"], ["xai", "Grok"], ["gemini-cli", "google"]])("%s answers to %s, too", async (word, name) => {
    await start(word);
    expect(await answer({ provider: name, code: "c", state: "state-1" })).toEqual([200, { status: "ok" }]);
  });

  test("refusals", async () => {
    await start();
    expect(await answer("{")).toEqual([400, { error: "invalid body" }]);
    expect(await answer({ provider: "nobody", code: "c", state: "state-1" })).toEqual(refused(400, "unsupported provider"));
    expect(await answer({ redirect_url: "not an address" })).toEqual(refused(400, "invalid redirect_url"));
    expect(await answer({ code: "c" })).toEqual(refused(400, "state is required"));
    expect(await answer({ code: "c", state: "../x" })).toEqual(refused(400, "invalid state"));
    expect(await answer({ state: "state-1" })).toEqual(refused(400, "code or error is required"));
    expect(await answer({ provider: "claude", code: "c", state: "state-1" })).toEqual(refused(400, "provider does not match state"));
    expect(await answer({ code: "c", state: "state-99" })).toEqual(refused(404, "unknown or expired state"));
    brokenDisk = true;
    expect(await answer({ code: "c", state: "state-1" })).toEqual(refused(500, "failed to persist oauth callback"));
    brokenDisk = false;
    expect(flow().answers).toEqual([]);
    expect(await answer({ code: "c", state: "state-1" })).toEqual([200, { status: "ok" }]);
  });

  test("a login by device waits for no answer", async () => {
    await start("qwen");
    expect(await answer({ code: "c", state: "state-1" })).toEqual(refused(409, "oauth flow is not pending"));
  });

  test("the state is the key: no other is asked for, also by GET", async () => {
    await start();
    expect(codes(await office.get("/oauth-callback?code=c&state=state-1", { key: null }))).toEqual([200, { status: "ok" }]);
    expect((await office.get("/get-auth-status?state=state-1", { key: null })).status).toBe(401);
  });
});

describe("DELETE /oauth-session", () => {
  test("gives a login up", async () => {
    await start();
    const cancel = async (state: string): Promise<unknown[]> => codes(await office.call("DELETE", `/oauth-session?state=${state}`));
    expect(await cancel("state-1")).toEqual([200, { status: "ok", cancelled: true }]);
    expect(flow().cancelled).toBe(true);
    expect(await cancel("state-1")).toEqual([200, { status: "ok", cancelled: false }]);
    expect(await cancel("a/b")).toEqual([400, { status: "error", error: "invalid state" }]);
  });
});

describe("POST /iflow-auth-url", () => {
  const send = (body: unknown): Promise<Answer> => office.call("POST", "/iflow-auth-url", { body });

  test("a login by cookie", async () => {
    const pending = send({ cookie: "BXAuth=secret" });
    while (flows.length === 0) await Bun.sleep(1);
    expect(flow()).toMatchObject({ provider: "iflow", options: { cookie: "BXAuth=secret" } });
    flow().save({ file: "iflow-a.json", email: "a@b.example", expiresAt: Date.UTC(2026, 0, 1) });
    expect(codes(await pending)).toEqual([200, { status: "ok", saved_path: "iflow-a.json", email: "a@b.example", expired: "2026-01-01T00:00:00.000Z", type: "iflow" }]);
  });

  test("refusals", async () => {
    expect(codes(await send({}))).toEqual([400, { status: "error", error: "cookie is required" }]);
    const pending = send({ cookie: "old" });
    while (flows.length === 0) await Bun.sleep(1);
    flow().fail("the cookie has run out");
    expect(codes(await pending)).toEqual([400, { status: "error", error: "the cookie has run out" }]);
  });
});

describe("the pages that vendors send browsers back to", () => {
  const visit = (path: string): Promise<Answer> => office.get(`/${path}`, { key: null });

  test.each([["anthropic", "anthropic"], ["codex", "codex"], ["gemini-cli", "google"], ["iflow", "iflow"]])("%s comes back to /%s/callback", async (word, path) => {
    await start(word);
    const answer = await visit(`/${path}/callback?code=abc&state=state-1`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(answer.text).toContain("close this page");
    expect(flow().answers).toEqual([{ code: "abc" }]);
  });

  test("the page is the same for what fits nothing, and tells nothing of it", async () => {
    await start("codex");
    const pages = await Promise.all(["codex/callback?code=c&state=unknown", "anthropic/callback?code=c&state=state-1", "codex/callback?state=state-1", "codex/callback?code=%3Cscript%3E&state=..%2F", "codex/callback"].map((path) => visit(`/${path}`)));
    expect(new Set(pages.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(flow().answers).toEqual([]);
  });

  test("its script is the only one that may run", async () => {
    const { headers, text } = await visit("/codex/callback");
    const script = /<script>(.*)<\/script>/.exec(text)?.[1] ?? "";
    const hash = new Bun.CryptoHasher("sha256").update(script).digest("base64");
    expect(headers.get("content-security-policy")).toContain(`script-src 'sha256-${hash}'`);
  });
});
