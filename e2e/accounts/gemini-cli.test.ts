import { afterEach, describe, expect, test } from "bun:test";
import { geminiCli } from "../../packages/gateway/src/accounts/kinds/gemini-cli/index.ts";
import { createLogins } from "../../packages/gateway/src/accounts/login/logins.ts";
import { accountFiles } from "../../packages/server/src/host/account-files.ts";
import { systemIds } from "../../packages/server/src/host/ports.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type AccountWorldOptions, type MovedClock } from "./kit/account-world.ts";
import { asking, type Asking } from "./kit/asking.ts";
import { quotaDetails, refusal, startCodeAssist, type CodeAssistApi } from "./kit/code-assist.ts";
import { CLIENT_SECRET, EMAIL, googleEndpoints, startGoogle, type GoogleCloud, type GoogleOptions } from "./kit/google-cloud.ts";
import type { IssuedTokens } from "./kit/issuer.ts";
import { visitOf, type RecordedVisit } from "./kit/login-visit.ts";

const CLIENT_ID = "681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com";
const REDIRECT = "http://localhost:8085/oauth2callback";
const MODEL = "gemini-2.5-pro";
const FILE = "gemini-person@example.com-one.json";

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function google(options: Partial<GoogleOptions> = {}): GoogleCloud {
  const started = startGoogle({ clientId: CLIENT_ID, redirectUri: REDIRECT, projects: ["one", "two"], ...options });
  open.push(started);
  return started;
}

interface Place {
  readonly cloud: GoogleCloud;
  readonly api: CodeAssistApi;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  readonly tokens: IssuedTokens;
  readonly ask: Asking;
}

const KEYS = ["project", "model", "request", "user_prompt_id"];

/** As strict as the backend: a project, a model and a request, nothing else but what Google's own client says. */
function check(envelope: Record<string, unknown>): string | undefined {
  const unknown = Object.keys(envelope).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return `Unknown name "${unknown}"`;
  return typeof envelope.project === "string" && envelope.project !== "" ? undefined : "project is missing";
}

async function place(options: { readonly project?: string; readonly expiresInMs?: number; readonly world?: AccountWorldOptions; readonly cloud?: Partial<GoogleOptions>; readonly settings?: Record<string, unknown> } = {}): Promise<Place> {
  const clock = movedClock();
  const cloud = google(options.cloud);
  const api = startCodeAssist({ good: cloud.good, check });
  const tokens = cloud.issue();
  const world = await startAccountWorld({
    clock,
    files: { [FILE]: {
      type: "gemini", email: EMAIL, project_id: options.project ?? "one", auto: false, checked: true, note: "kept",
      token: { access_token: tokens.accessToken, refresh_token: tokens.refreshToken, token_type: "Bearer", expiry: new Date(clock.now() + (options.expiresInMs ?? 3_600_000)).toISOString(), scopes: ["kept"] },
      access_token: "older copy",
    } },
    kinds: { "gemini-cli": { "client-secret": CLIENT_SECRET, "base-url": api.origin, endpoints: googleEndpoints(cloud, cloud.origin), ...options.settings } },
    ...options.world,
  });
  open.push(api, world);
  return { cloud, api, world, clock, tokens, ask: asking(world) };
}

describe("requests", () => {
  test("go in the envelope with the account's project, whole and streamed, from clients of every dialect", async () => {
    const { ask, api, world, tokens } = await place();
    const answers = [await ask.chat(MODEL), await ask.chat(MODEL, { stream: true }), await ask.messages(MODEL), await ask.messages(MODEL, { stream: true })];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, "Good day"]));
    const gemini = await world.ask(`/v1beta/models/${MODEL}:generateContent`, { contents: [{ role: "user", parts: [{ text: "Hello" }] }] });
    const body = (await gemini.json()) as { candidates: { content: { parts: { text: string }[] } }[]; response?: unknown; traceId?: unknown };
    expect(body.candidates[0]?.content.parts[0]?.text).toBe("Good day");
    expect([body.response, body.traceId]).toEqual([undefined, undefined]);
    for (const { headers, envelope } of api.calls) {
      expect(envelope).toMatchObject({ project: "one", model: MODEL });
      expect(headers.get("authorization")).toBe(`Bearer ${tokens.accessToken}`);
      expect(headers.get("user-agent")).toBe("dragoman");
    }
    expect(api.calls.map(({ verb }) => verb)).toEqual(["generateContent", "streamGenerateContent", "generateContent", "streamGenerateContent", "generateContent"]);
    expect(world.attempts[0]).toMatchObject({ provider: "gemini-cli", credential: "gemini-cli person@example.com (one)", outcome: "succeeded" });
  });

  test("of Google's own client pass with our project in place of theirs", async () => {
    const { world, api } = await place();
    const own = { model: MODEL, project: "of-the-client", user_prompt_id: "p1", request: { contents: [{ role: "user", parts: [{ text: "Hello" }] }], session_id: "s1" } };
    const reply = await world.ask("/v1internal:streamGenerateContent?alt=sse", own);
    expect(await reply.text()).toContain('"traceId":"trace-of-tests"');
    expect(api.calls[0]?.envelope).toEqual({ ...own, project: "one" });
  });

  test("carry the operator's words where he has set any, and the client's unchanged", async () => {
    const { ask, api } = await place({ settings: { "system-prefix": ["First."], "user-agent": "house/1", headers: { "X-Goog-Api-Client": "house" } } });
    await ask.chat(MODEL, { messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }] });
    expect(api.calls[0]?.envelope.request).toMatchObject({ systemInstruction: { parts: [{ text: "First." }, { text: "Be brief." }] } });
    expect(api.calls[0]?.headers.get("user-agent")).toBe("house/1");
    expect(api.calls[0]?.headers.get("x-goog-api-client")).toBe("house");
  });

  test("count tokens without project and model", async () => {
    const { world } = await place();
    const reply = await world.ask(`/v1beta/models/${MODEL}:countTokens`, { contents: [{ role: "user", parts: [{ text: "Hello" }] }] });
    expect(await reply.json()).toEqual({ totalTokens: 4711 });
  });

  test("say effort as a budget, and as a level where a model has levels", async () => {
    const { ask, api } = await place();
    await ask.chat(MODEL, { reasoning_effort: "low" });
    await ask.chat("gemini-3-pro-preview", { reasoning_effort: "low" });
    const config = (index: number): unknown => (api.calls[index]?.envelope.request as { generationConfig?: { thinkingConfig?: unknown } }).generationConfig?.thinkingConfig;
    expect(config(0)).toMatchObject({ thinkingBudget: 1024 });
    expect(config(1)).toMatchObject({ thinkingLevel: "LOW" });
  });
});

describe("tokens", () => {
  test("are renewed within 10 s of their end, once for all, and the refresh token stays", async () => {
    const { ask, cloud, world, tokens } = await place({ expiresInMs: 9000 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask.chat(MODEL)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(cloud.asked).toEqual([{ grant_type: "refresh_token", refresh_token: tokens.refreshToken, client_id: CLIENT_ID, client_secret: CLIENT_SECRET }]);
    const stored = world.stored(FILE);
    expect(stored).toMatchObject({ note: "kept", access_token: "access-token-2-of-tests", token: { access_token: "access-token-2-of-tests", refresh_token: tokens.refreshToken, scopes: ["kept"], expiry: "2026-11-21T12:59:59Z" } });
  });

  test("are not renewed by themselves", async () => {
    const { cloud, clock, world } = await place();
    clock.advance(3_595_000);
    await world.gateway.accounts?.tick();
    expect(cloud.asked).toHaveLength(0);
  });

  test("that are revoked are asked for once", async () => {
    const { ask, cloud, tokens } = await place({ expiresInMs: 1000 });
    cloud.revoke(tokens.refreshToken);
    expect([(await ask.chat(MODEL)).status, (await ask.chat(MODEL)).status]).toEqual([401, 503]);
    expect(cloud.asked).toHaveLength(1);
  });

  test("of a file with its own client need no setting", async () => {
    const { ask, cloud, world, tokens } = await place({ settings: { "client-secret": undefined } });
    world.store(FILE, { type: "gemini", email: EMAIL, project_id: "one", token: { refresh_token: tokens.refreshToken, client_id: CLIENT_ID, client_secret: CLIENT_SECRET } });
    await world.gateway.accounts?.noticed(FILE);
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect(cloud.asked).toHaveLength(1);
  });
});

describe("several projects", () => {
  test("are seats that share one token and rest apart", async () => {
    const { ask, api, world, cloud } = await place({ project: "one, two", expiresInMs: 5000, world: { config: { routing: { "session-affinity": false } } } });
    api.instead.push(refusal(429, "RESOURCE_EXHAUSTED", "slow down", [quotaDetails.retryInfo("120s")]));
    expect((await ask.chat(MODEL)).status).toBe(200);
    const [first, second] = api.calls.map(({ envelope }) => envelope.project);
    expect(new Set([first, second])).toEqual(new Set(["one", "two"]));
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect(api.calls.map(({ envelope }) => envelope.project)).toEqual([first, second, second]);
    expect(cloud.asked).toHaveLength(1);
    expect(new Set(world.attempts.map(({ credential }) => credential))).toEqual(new Set(["gemini-cli person@example.com (one)", "gemini-cli person@example.com (two)"]));
  });
});

describe("limits", () => {
  const forms: readonly (readonly [string, Response, number])[] = [
    ["RetryInfo", refusal(429, "RESOURCE_EXHAUSTED", "reset after 3s", [quotaDetails.errorInfo("RATE_LIMIT_EXCEEDED", { quotaResetDelay: "7s" }), quotaDetails.retryInfo("41.5s")]), 41_500],
    ["the quota's own reset", refusal(429, "RESOURCE_EXHAUSTED", "reset after 3s", [quotaDetails.errorInfo("RATE_LIMIT_EXCEEDED", { quotaResetDelay: "7373.801628ms" })]), 7374],
    ["the message", refusal(429, "RESOURCE_EXHAUSTED", "Your quota will reset after 1m1s."), 61_000],
  ];
  for (const [name, reply, pauseMs] of forms) {
    test(`rest for the time that Google names: ${name}`, async () => {
      const { ask, api, clock } = await place();
      api.instead.push(reply);
      expect((await ask.chat(MODEL)).status).toBe(429);
      clock.advance(pauseMs - 1);
      expect((await ask.chat(MODEL)).status).toBe(429);
      expect(api.calls).toHaveLength(1);
      clock.advance(1);
      expect((await ask.chat(MODEL)).status).toBe(200);
    });
  }

  test("are told when asked for", async () => {
    const { world } = await place();
    const account = world.gateway.accounts?.find(FILE);
    const pool = world.gateway.accounts;
    if (account === undefined || pool === undefined) throw new Error("no account");
    const visit = { content: account.content, facts: account.facts, settings: account.settings, calls: pool.callsFor(account) };
    expect(await geminiCli.askQuota?.(visit)).toEqual([{ name: "requests", model: MODEL, usedShare: 0.75, exhausted: false, resetsAt: Date.parse("2026-11-22T00:00:00Z") }]);
  });
});

describe("logins", () => {
  const flow = geminiCli.logins?.[0];
  if (flow?.type !== "browser") throw new Error("no login in the browser");

  function visit(cloud: GoogleCloud, options: Readonly<Record<string, string>> = {}): RecordedVisit {
    return visitOf(geminiCli, { clientSecret: CLIENT_SECRET, endpoints: googleEndpoints(cloud, cloud.origin) }, options);
  }
  const logIn = (cloud: GoogleCloud, visiting: RecordedVisit) => flow.exchange({ code: cloud.code(), state: "s", redirectUri: REDIRECT, verifier: "" }, visiting);

  test("ask Google for a refresh token by consent", async () => {
    const cloud = google();
    const url = new URL(await flow.authorizeUrl({ state: "abc", redirectUri: REDIRECT, challenge: "" }, visit(cloud)));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT_ID, redirect_uri: REDIRECT, response_type: "code", state: "abc", access_type: "offline", prompt: "consent",
      scope: "https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile",
    });
  });

  test("with a project enrol it, switch its API on and write the file", async () => {
    const cloud = google({ asleep: ["two"] });
    const { file, content } = await logIn(cloud, visit(cloud, { project_id: "two" }));
    expect(file).toBe("gemini-person@example.com-two.json");
    expect(content).toEqual({
      token: {
        access_token: "access-token-1-of-tests", token_type: "Bearer", refresh_token: "refresh-token-1-of-tests", expiry: "2026-11-21T12:59:59Z", token_uri: cloud.tokenUrl,
        client_id: CLIENT_ID, client_secret: CLIENT_SECRET, scopes: geminiCli.defaults.scopes ?? [], universe_domain: "googleapis.com",
      },
      project_id: "two", email: EMAIL, auto: false, checked: true, type: "gemini",
    });
    expect(cloud.visited.map(({ call }) => call)).toEqual([
      "GET /userinfo", "GET /projects", "POST loadCodeAssist", "POST onboardUser",
      "GET /v1/projects/two/services/cloudaicompanion.googleapis.com", "POST /v1/projects/two/services/cloudaicompanion.googleapis.com:enable",
    ]);
    expect(cloud.visited[3]?.body).toEqual({ tierId: "standard-tier", metadata: { ideType: "IDE_UNSPECIFIED", platform: "PLATFORM_UNSPECIFIED", pluginType: "GEMINI" }, cloudaicompanionProject: "two" });
  });

  test("ask again every 5 s until the project is ready, and take the one that Google names", async () => {
    const cloud = google({ onboarding: [{ done: false }, { name: "operations/1" }, { done: true, response: { cloudaicompanionProject: "other" } }] });
    const visiting = visit(cloud, { project_id: "one" });
    expect((await logIn(cloud, visiting)).content.project_id).toBe("other");
    expect(visiting.pauses).toEqual([5000, 5000]);
  });

  test("with several projects or all make one file", async () => {
    const cloud = google();
    const listed = await logIn(cloud, visit(cloud, { project_id: "two, one,two" }));
    const all = await logIn(cloud, visit(cloud, { project_id: "ALL" }));
    expect([listed.file, all.file]).toEqual(["gemini-person@example.com-all.json", "gemini-person@example.com-all.json"]);
    expect([listed.content.project_id, all.content.project_id]).toEqual(["two,one", "one,two"]);
    await expect(logIn(cloud, visit(cloud, { project_id: "one,three" }))).rejects.toThrow("these are no projects of this account: three");
  });

  test("without a project take the first, unchecked", async () => {
    const cloud = google();
    const { content } = await logIn(cloud, visit(cloud));
    expect(content).toMatchObject({ project_id: "one", auto: true, checked: false });
    expect(cloud.visited.some(({ call }) => call.includes("services"))).toBe(false);
  });

  test("of a personal account let Google find the project", async () => {
    const cloud = google({ onboarding: [{ done: false }, { done: true, response: { cloudaicompanionProject: { id: "found" } } }] });
    const visiting = visit(cloud, { project_id: "GOOGLE_ONE" });
    expect((await logIn(cloud, visiting)).content).toMatchObject({ project_id: "found", auto: true });
    expect(visiting.pauses).toEqual([2000]);
    expect(cloud.visited.at(-1)?.body).not.toHaveProperty("cloudaicompanionProject");
  });

  test("say what is missing", async () => {
    const cloud = google({ asleep: ["shut"], projects: ["shut"] });
    await expect(logIn(cloud, visit(cloud, { project_id: "shut" }))).rejects.toThrow("project activation required: the vendor answered billing is off");
    const bare = visitOf(geminiCli, { endpoints: googleEndpoints(cloud, cloud.origin) });
    expect(() => flow.authorizeUrl({ state: "s", redirectUri: REDIRECT, challenge: "" }, bare)).toThrow("the client secret is not set");
  });

  test("run whole: the browser's address is brought back by hand", async () => {
    const { world, cloud } = await place();
    const { accounts: pool } = world.gateway;
    if (pool === undefined) throw new Error("no accounts");
    const logins = createLogins({ pool, files: accountFiles(() => world.directory), ports: { ids: systemIds, logger: { log: () => undefined } } });
    const begun = await logins.begin("gemini-cli", { choices: { project_id: "two" } });
    const asked = new URL(begun.url ?? "");
    expect(asked.searchParams.get("redirect_uri")).toBe(REDIRECT);
    expect(asked.searchParams.get("state")).toBe(begun.state);
    expect(begun.answer({ code: cloud.code() })).toBe(true);
    expect(await begun.finished).toMatchObject({ file: "gemini-person@example.com-two.json", kind: "gemini-cli", email: EMAIL });
    expect(world.stored("gemini-person@example.com-two.json")).toMatchObject({ type: "gemini", project_id: "two" });
    await logins.close();
  });

  test("of Google's own CLI can be taken over; its project is looked up before the first request", async () => {
    const claims = Buffer.from(JSON.stringify({ email: EMAIL })).toString("base64url");
    const { world, api, ask, tokens } = await place({ cloud: { loaded: { cloudaicompanionProject: "found" }, onboarding: [{ done: true, response: {} }] } });
    const taken = geminiCli.found?.[0]?.take({ access_token: tokens.accessToken, refresh_token: tokens.refreshToken, id_token: `h.${claims}.s`, expiry_date: Date.parse("2026-11-21T13:00:00Z") });
    expect(taken?.file).toBe("gemini-person@example.com.json");
    world.store(FILE, taken?.content);
    await world.gateway.accounts?.noticed(FILE);
    const answers = await Promise.all([ask.chat(MODEL), ask.chat(MODEL, { stream: true })]);
    expect(answers.map(({ text }) => text)).toEqual(["Good day", "Good day"]);
    expect(api.calls.map(({ envelope }) => envelope.project)).toEqual(["found", "found"]);
    expect(world.stored(FILE)).toMatchObject({ project_id: "found" });
  });
});
