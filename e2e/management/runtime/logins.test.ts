import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { AccountError, type AccountKind, type CodeAnswer, type LoginFlow, type LoginVisit, type NewAccount } from "@dragoman/gateway";
import { scriptedKind } from "../../accounts/kit/scripted-kind.ts";
import { startOffice, type Answer, type RunningOffice } from "../../kit/office.ts";

/** A login that does what a test says. */
interface Scripted {
  readonly kind: string;
  readonly visit: LoginVisit;
  /** What its vendor was asked to exchange. */
  readonly exchanged: (CodeAnswer | string)[];
  save(content?: NewAccount["content"]): void;
  fail(message: string): void;
}

let office: RunningOffice;
let flows: Scripted[];

/** The kinds that CLIProxyAPI knows, as far as their logins go. */
const KINDS: readonly AccountKind[] = [
  ...["claude", "codex", "gemini-cli", "xai"].map((name) => kind(name, ["browser"])),
  ...["qwen", "kimi"].map((name) => kind(name, ["device"])),
  kind("iflow", ["browser", "secret"]),
  { ...kind("antigravity", ["browser"]), terms: "The terms say no." },
];

function kind(name: string, types: readonly LoginFlow["type"][]): AccountKind {
  return scriptedKind({ name, logins: types.map((type) => flowOf(name, type)) });
}

function begin(name: string, visit: LoginVisit): { readonly flow: Scripted; readonly account: Promise<NewAccount> } {
  const { promise, resolve, reject } = Promise.withResolvers<NewAccount>();
  const flow: Scripted = {
    kind: name, visit, exchanged: [],
    save: (content = {}) => resolve({ file: `${name}-a.json`, content: { type: name, access_token: "t", ...content } }),
    fail: (message) => reject(new AccountError("refused", message)),
  };
  flows.push(flow);
  return { flow, account: promise };
}

function flowOf(name: string, type: LoginFlow["type"]): LoginFlow {
  const accounts = new Map<LoginVisit, ReturnType<typeof begin>>();
  const of = (visit: LoginVisit): ReturnType<typeof begin> => accounts.get(visit) ?? accounts.set(visit, begin(name, visit)).get(visit)!;
  const exchange = (given: CodeAnswer | string, visit: LoginVisit): Promise<NewAccount> => {
    of(visit).flow.exchanged.push(given);
    return of(visit).account;
  };
  switch (type) {
    case "browser":
      return { type, callback: { port: 25_170, path: "/callback" }, authorizeUrl: ({ state }, visit) => (of(visit), `https://vendor.example/${name}?state=${state}`), exchange };
    case "device":
      return { type, begin: async (visit) => (of(visit), { userCode: "ABCD-1234", verificationUrl: `https://vendor.example/${name}`, expiresInMs: 600_000, intervalMs: 5000, secret: {} }), poll: async () => ({ type: "pending" }) };
    case "secret":
      return { type, asks: "a cookie", exchange };
  }
}

beforeEach(async () => {
  flows = [];
  office = await startOffice({ accountKinds: KINDS });
});
afterEach(() => office.close());

const codes = ({ status, body }: Answer): unknown[] => [status, body];
const start = async (word = "codex", query = ""): Promise<string> => ((await office.get(`/${word}-auth-url${query}`)).body as { state: string }).state;
const statusOf = async (state: string): Promise<unknown[]> => codes(await office.get(`/get-auth-status?state=${encodeURIComponent(state)}`));
const flow = (): Scripted => {
  const last = flows.at(-1);
  if (last === undefined) throw new Error("no login was begun");
  return last;
};
const MINUTE = 60_000;
const answer = async (body: unknown): Promise<unknown[]> => codes(await office.call("POST", "/oauth-callback", { body }));
/** Until the login is over. */
async function ended(state: string): Promise<void> {
  for (;;) if (((await office.get(`/get-auth-status?state=${state}`)).body as { status: string }).status !== "wait") return;
}

describe("GET /<provider>-auth-url", () => {
  const STATE = expect.stringMatching(/^[A-Za-z0-9]{32}$/);

  test.each(["anthropic", "codex", "gemini-cli", "iflow", "xai"])("%s: an address and a state", async (word) => {
    const { status, body } = await office.get(`/${word}-auth-url`);
    expect([status, body]).toEqual([200, { status: "ok", url: expect.stringMatching(/^https:\/\/vendor\.example\//), state: STATE }]);
    const { url, state } = body as { url: string; state: string };
    expect(new URL(url).searchParams.get("state")).toBe(state);
  });

  test.each(["qwen", "kimi"])("%s: a code for a device", async (word) => {
    expect(codes(await office.get(`/${word}-auth-url`))).toEqual([200, { status: "ok", url: `https://vendor.example/${word}`, state: STATE, flow: "device", user_code: "ABCD-1234", expires_in: 600 }]);
  });

  test("what a page may say beside it: a project, and that the browser will come to this machine", async () => {
    const state = await start("gemini-cli", "?project_id=my-project&is_webui=TRUE");
    expect(flow()).toMatchObject({ kind: "gemini-cli", visit: { options: { project_id: "my-project" } } });
    flow().save({ email: "me@example.com" });
    const page = await fetch(`http://localhost:25170/callback?code=c&state=${state}`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("me@example.com")]);
    expect(await statusOf(state)).toEqual([200, { status: "ok" }]);
  });

  test("without is_webui nothing listens", async () => {
    await start("codex");
    await expect(fetch("http://localhost:25170/callback")).rejects.toThrow();
  });

  test("one whose terms were not agreed to says so; a host without logins says so of all", async () => {
    expect(codes(await office.get("/antigravity-auth-url"))).toEqual([501, { status: "error", error: "The terms say no. If you may use it here, add antigravity to accounts.subscriptions" }]);
    const bare = await startOffice();
    for (const word of ["anthropic", "codex", "gemini-cli", "qwen", "iflow", "antigravity", "kimi", "xai"]) {
      const { status, body } = await bare.get(`/${word}-auth-url`);
      expect([status, body]).toEqual([501, { status: "error", error: `${word === "gemini-cli" ? "gemini" : word} login is not configured` }]);
    }
    await bare.close();
  });

  test("a port that is taken is named", async () => {
    const other = Bun.serve({ port: 25_170, hostname: "127.0.0.1", fetch: () => new Response() });
    expect(codes(await office.get("/codex-auth-url?is_webui=1"))).toEqual([500, { status: "error", error: expect.stringContaining("port 25170 is taken") }]);
    await other.stop(true);
  });
});

describe("GET /get-auth-status", () => {
  test("wait, then ok for a minute", async () => {
    const state = await start();
    expect(await statusOf(state)).toEqual([200, { status: "wait" }]);
    await answer({ code: "c", state });
    flow().save();
    await ended(state);
    expect(await statusOf(state)).toEqual([200, { status: "ok" }]);
    expect((await office.get("/auth-files")).body).toMatchObject({ files: [{ name: "codex-a.json", type: "codex" }] });
    office.clock.advance(MINUTE);
    expect(await statusOf(state)).toEqual([200, { status: "error", error: "unknown or expired state" }]);
  });

  test("wait, then the error", async () => {
    const state = await start();
    await answer({ code: "c", state });
    flow().fail("the vendor answered invalid_grant");
    await ended(state);
    expect(await statusOf(state)).toEqual([200, { status: "error", error: "the vendor answered invalid_grant" }]);
  });

  test("half an hour is enough", async () => {
    const state = await start();
    office.clock.advance(30 * MINUTE);
    expect(await statusOf(state)).toEqual([200, { status: "error", error: "unknown or expired state" }]);
  });

  test("no state, and states that are none", async () => {
    expect(codes(await office.get("/get-auth-status"))).toEqual([200, { status: "ok" }]);
    for (const state of ["a/b", "a..b", "x".repeat(129), "a b"]) expect(await statusOf(state)).toEqual([400, { status: "error", error: "invalid state" }]);
  });
});

describe("POST /oauth-callback", () => {
  const refused = (status: number, error: string): unknown[] => [status, { status: "error", error }];

  test("the pasted address is taken apart; once", async () => {
    const state = await start();
    const body = { provider: "codex", redirect_url: `http://localhost:1455/auth/callback?code=abc&state=${state}` };
    expect(await answer(body)).toEqual([200, { status: "ok" }]);
    expect(flow().exchanged).toMatchObject([{ code: "abc", state, redirectUri: "http://localhost:25170/callback" }]);
    expect(await answer(body)).toEqual(refused(409, "oauth flow is not pending"));
  });

  test("also as it is shown to be copied, without an address", async () => {
    const state = await start("anthropic");
    expect(await answer({ provider: "anthropic", redirect_url: `abc#${state}` })).toEqual([200, { status: "ok" }]);
    expect(flow().exchanged).toMatchObject([{ code: "abc" }]);
  });

  test("parts that are given go before those of the address", async () => {
    const state = await start();
    expect(await answer({ code: "mine", redirect_url: `http://localhost/?code=other&state=${state}` })).toEqual([200, { status: "ok" }]);
    expect(flow().exchanged).toMatchObject([{ code: "mine" }]);
  });

  test("an error of the vendor, also by its description", async () => {
    const [first, second] = [await start(), await start()];
    expect(await answer({ provider: "openai", error: "access_denied", state: first })).toEqual([200, { status: "ok" }]);
    expect(await answer({ redirect_url: `http://localhost/?error_description=no+way&state=${second}` })).toEqual([200, { status: "ok" }]);
    expect([await statusOf(first), await statusOf(second)]).toMatchObject([[200, { error: expect.stringContaining("access_denied") }], [200, { error: expect.stringContaining("no way") }]]);
    expect(flows.map(({ exchanged }) => exchanged)).toEqual([[], []]);
  });

  test.each([["anthropic", "claude"], ["codex", "openai"], ["xai", "x.ai"], ["xai", "Grok"], ["gemini-cli", "google"]])("%s answers to %s, too", async (word, name) => {
    const state = await start(word);
    expect(await answer({ provider: name, code: "c", state })).toEqual([200, { status: "ok" }]);
  });

  test("refusals", async () => {
    const state = await start();
    expect(await answer("{")).toEqual([400, { error: "invalid body" }]);
    expect(await answer({ provider: "nobody", code: "c", state })).toEqual(refused(400, "unsupported provider"));
    expect(await answer({ redirect_url: "not an address" })).toEqual(refused(400, "invalid redirect_url"));
    expect(await answer({ code: "c" })).toEqual(refused(400, "state is required"));
    expect(await answer({ code: "c", state: "../x" })).toEqual(refused(400, "invalid state"));
    expect(await answer({ state })).toEqual(refused(400, "code or error is required"));
    expect(await answer({ provider: "claude", code: "c", state })).toEqual(refused(400, "provider does not match state"));
    expect(await answer({ code: "c", state: "state-99" })).toEqual(refused(404, "unknown or expired state"));
    expect(flow().exchanged).toEqual([]);
    expect(await answer({ code: "c", state })).toEqual([200, { status: "ok" }]);
  });

  test("a login by device waits for no answer", async () => {
    const state = await start("qwen");
    expect(await answer({ code: "c", state })).toEqual(refused(409, "oauth flow is not pending"));
  });

  test("the state is the key: no other is asked for, also by GET", async () => {
    const state = await start();
    expect(codes(await office.get(`/oauth-callback?code=c&state=${state}`, { key: null }))).toEqual([200, { status: "ok" }]);
    expect((await office.get(`/get-auth-status?state=${state}`, { key: null })).status).toBe(401);
  });
});

describe("DELETE /oauth-session", () => {
  test("gives a login up", async () => {
    const state = await start();
    const cancel = async (asked: string): Promise<unknown[]> => codes(await office.call("DELETE", `/oauth-session?state=${asked}`));
    expect(await cancel(state)).toEqual([200, { status: "ok", cancelled: true }]);
    expect(await answer({ code: "c", state })).toEqual([404, { status: "error", error: "unknown or expired state" }]);
    expect(await cancel(state)).toEqual([200, { status: "ok", cancelled: false }]);
    expect(await cancel("a/b")).toEqual([400, { status: "error", error: "invalid state" }]);
  });
});

describe("POST /iflow-auth-url", () => {
  const send = (body: unknown): Promise<Answer> => office.call("POST", "/iflow-auth-url", { body });

  test("a login by cookie", async () => {
    const pending = send({ cookie: "BXAuth=secret" });
    while (flows.length === 0) await Bun.sleep(1);
    expect(flow()).toMatchObject({ kind: "iflow", exchanged: ["BXAuth=secret"] });
    flow().save({ email: "a@b.example", expired: "2026-01-01T00:00:00Z" });
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
    const state = await start(word);
    const page = await visit(`/${path}/callback?code=abc&state=${state}`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.text).toContain("close this page");
    expect(flow().exchanged).toMatchObject([{ code: "abc" }]);
  });

  test("the page is the same for what fits nothing, and tells nothing of it", async () => {
    const state = await start("codex");
    const pages = await Promise.all(["codex/callback?code=c&state=unknown", `anthropic/callback?code=c&state=${state}`, `codex/callback?state=${state}`, "codex/callback?code=%3Cscript%3E&state=..%2F", "codex/callback"].map((path) => visit(`/${path}`)));
    expect(new Set(pages.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(flow().exchanged).toEqual([]);
  });

  test("its script is the only one that may run", async () => {
    const { headers, text } = await visit("/codex/callback");
    const script = /<script>(.*)<\/script>/.exec(text)?.[1] ?? "";
    const hash = new Bun.CryptoHasher("sha256").update(script).digest("base64");
    expect(headers.get("content-security-policy")).toContain(`script-src 'sha256-${hash}'`);
  });
});
