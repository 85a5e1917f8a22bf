import { afterEach, describe, expect, test } from "bun:test";
import { antigravity } from "../../packages/gateway/src/accounts/kinds/antigravity/index.ts";
import { listen, type Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { asking, type Asking } from "./kit/asking.ts";
import { quotaDetails, refusal, startCodeAssist, type CodeAssistApi } from "./kit/code-assist.ts";
import { CLIENT_SECRET, EMAIL, googleEndpoints, startGoogle, type GoogleCloud, type GoogleOptions } from "./kit/google-cloud.ts";
import type { IssuedTokens } from "./kit/issuer.ts";
import { visitOf, type RecordedVisit } from "./kit/login-visit.ts";

const CLIENT_ID = "1071006060591-tmhssin2h21lcre235vtolojh4g403ep.apps.googleusercontent.com";
const REDIRECT = "http://localhost:51121/oauth-callback";
const FILE = "antigravity-person@example.com.json";
const MODEL = "gemini-3-flash";
const CLAUDE = "claude-sonnet-4-6";

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

type Members = Record<string, unknown>;
const TYPES = ["agent", "image_gen", "web_search"];
const ENVELOPE = ["project", "model", "userAgent", "requestType", "requestId", "request", "enabledCreditTypes"];
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const REQUEST_IDS: Readonly<Record<string, RegExp>> = { agent: new RegExp(`^agent-${UUID}$`), image_gen: new RegExp(`^image_gen/\\d+/${UUID}/12$`) };
/** Words that the backend refuses in tools' schemas. */
const REFUSED_WORDS = ["minLength", "maxLength", "minimum", "maximum", "multipleOf", "pattern", "minItems", "maxItems", "uniqueItems", "format", "default", "examples", "not", "$schema", "$defs", "const", "$ref", "additionalProperties", "title", "anyOf", "oneOf", "allOf"];

/** As strict as the reference: wrong or missing members of the envelope are refused, and schemas that are not clean. */
function check(envelope: Members): string | undefined {
  const unknown = Object.keys(envelope).find((key) => !ENVELOPE.includes(key));
  if (unknown !== undefined) return `Unknown name "${unknown}"`;
  if (typeof envelope.project !== "string" || envelope.project === "") return "project is missing";
  if (envelope.userAgent !== "antigravity" || !TYPES.includes(String(envelope.requestType))) return "userAgent or requestType is wrong";
  const ids = REQUEST_IDS[String(envelope.requestType)];
  if (ids === undefined ? envelope.requestId !== undefined : !ids.test(String(envelope.requestId))) return "requestId is wrong";
  return checkRequest(envelope.request as Members, String(envelope.model), String(envelope.requestType));
}

function checkRequest(request: Members, model: string, requestType: string): string | undefined {
  if (request.safetySettings !== undefined || request.session_id !== undefined) return "safetySettings and session_id do not belong here";
  if (requestType === "image_gen" ? request.sessionId !== undefined : request.sessionId === undefined) return "sessionId is wrong";
  const config = (request.generationConfig ?? {}) as Members;
  const isClaude = model.startsWith("claude");
  if (!isClaude && config.maxOutputTokens !== undefined) return "maxOutputTokens is for Claude only";
  const { thinkingBudget } = (config.thinkingConfig ?? {}) as Members;
  if (isClaude && thinkingBudget !== undefined && Number(thinkingBudget) >= Number(config.maxOutputTokens)) return "the budget leaves no room";
  const declarations = ((request.tools ?? []) as { functionDeclarations?: Members[] }[]).flatMap(({ functionDeclarations }) => functionDeclarations ?? []);
  if (declarations.some(({ parametersJsonSchema }) => parametersJsonSchema !== undefined)) return "parametersJsonSchema is not known";
  const dirty = declarations.map(({ parameters }) => dirtyWord(parameters)).find((word) => word !== undefined);
  if (dirty !== undefined) return `Unknown name "${dirty}" in a schema`;
  const mode = ((request.toolConfig ?? {}) as { functionCallingConfig?: { mode?: string } }).functionCallingConfig?.mode;
  return isClaude && declarations.length > 0 && (mode === undefined || mode === "AUTO") ? "Claude wants VALIDATED" : undefined;
}

/** Anything directly under `properties` is a name. */
function dirtyWord(schema: unknown): string | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  for (const [word, value] of Object.entries(schema)) {
    if (word === "enum" || word === "required") continue;
    if (REFUSED_WORDS.includes(word)) return word;
    const inner = word === "properties" ? Object.values(value as Members) : [value];
    for (const each of inner) {
      const found = dirtyWord(each);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

interface Place {
  readonly cloud: GoogleCloud;
  readonly first: CodeAssistApi;
  readonly second: CodeAssistApi;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  readonly tokens: IssuedTokens;
  readonly ask: Asking;
}

function google(options: Partial<GoogleOptions> = {}): GoogleCloud {
  const started = startGoogle({ clientId: CLIENT_ID, redirectUri: REDIRECT, ...options });
  open.push(started);
  return started;
}

async function place(options: { readonly expiresInMs?: number; readonly members?: Members; readonly cloud?: Partial<GoogleOptions>; readonly config?: Members; readonly firstBase?: string } = {}): Promise<Place> {
  const clock = movedClock();
  const cloud = google(options.cloud);
  const first = startCodeAssist({ good: cloud.good, check });
  const second = startCodeAssist({ good: cloud.good, check });
  const tokens = cloud.issue();
  const world = await startAccountWorld({
    clock,
    files: { [FILE]: {
      type: "antigravity", email: EMAIL, project_id: "bright-river", access_token: tokens.accessToken, refresh_token: tokens.refreshToken,
      expires_in: 3599, timestamp: clock.now(), expired: new Date(clock.now() + (options.expiresInMs ?? 3_599_000)).toISOString(), note: "kept", ...options.members,
    } },
    kinds: { antigravity: { "client-secret": CLIENT_SECRET, endpoints: googleEndpoints(cloud, cloud.origin), options: { bases: [options.firstBase ?? first.origin, second.origin] } } },
    config: { routing: { "session-affinity": false }, ...options.config },
  });
  open.push(first, second, world);
  return { cloud, first, second, world, clock, tokens, ask: asking(world) };
}

const WEATHER = {
  type: "function",
  function: {
    name: "weather", description: "Tells it.",
    parameters: { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", title: "Weather", additionalProperties: false, required: ["city"], properties: { city: { type: "string", minLength: 3 }, format: { type: "string", description: "A name, not a word" }, days: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] } } },
  },
};

describe("requests", () => {
  test("go in the vendor's envelope, whole and streamed, from clients of every dialect", async () => {
    const { ask, first, world, tokens } = await place();
    const answers = [await ask.chat(MODEL), await ask.chat(MODEL, { stream: true }), await ask.messages(MODEL), await ask.responses(MODEL, { stream: true })];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, "Good day"]));
    expect(first.calls.map(({ verb }) => verb)).toEqual(["generateContent", "streamGenerateContent", "generateContent", "streamGenerateContent"]);
    expect(first.calls[0]?.envelope).toMatchObject({ project: "bright-river", model: MODEL, userAgent: "antigravity", requestType: "agent" });
    expect(first.calls[0]?.headers.get("authorization")).toBe(`Bearer ${tokens.accessToken}`);
    expect(first.calls[0]?.headers.get("user-agent")).toBe("dragoman");
    expect(world.attempts).toHaveLength(4);
  });

  test("of one conversation have one session", async () => {
    const { ask, first } = await place();
    const opening = { role: "user", content: "Hello" };
    await ask.chat(MODEL);
    await ask.chat(MODEL, { messages: [opening, { role: "assistant", content: "Good day" }, { role: "user", content: "More" }] });
    await ask.chat(MODEL, { messages: [{ role: "user", content: "Something else" }] });
    const sessions = first.calls.map(({ envelope }) => (envelope.request as Members).sessionId);
    // SHA-256 of "Hello" begins with 185f8db32271fe25.
    expect(sessions[0]).toBe(`-${0x185f8db32271fe25n & 0x7fff_ffff_ffff_ffffn}`);
    expect(sessions[1]).toBe(sessions[0]);
    expect(sessions[2]).not.toBe(sessions[0]);
  });

  test("carry tools whose schemas are clean, and ask Claude for calls that fit them", async () => {
    const { ask, first } = await place();
    expect([(await ask.chat(MODEL, { tools: [WEATHER] })).status, (await ask.chat(CLAUDE, { tools: [WEATHER] })).status]).toEqual([200, 200]);
    const [gemini, claude] = first.calls.map(({ envelope }) => envelope.request as Members);
    expect(gemini?.tools).toEqual([{ functionDeclarations: [{ name: "weather", description: "Tells it.", parameters: {
      type: "object", required: ["city"], description: "additionalProperties: false",
      properties: { city: { type: "string", description: "minLength: 3" }, format: { type: "string", description: "A name, not a word" }, days: { type: "integer", nullable: true, description: "minimum: 1" } },
    } }] }]);
    expect(gemini?.toolConfig).toBeUndefined();
    expect(claude?.toolConfig).toEqual({ functionCallingConfig: { mode: "VALIDATED" } });
  });

  test("of a Gemini client are brought into the vendor's form", async () => {
    const { world, first } = await place();
    const reply = await world.ask(`/v1beta/models/${MODEL}:generateContent`, {
      contents: [{ role: "user", parts: [{ text: "Hello" }] }],
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object", properties: { n: { type: "integer", maximum: 3 } } } }] }],
      safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }], generationConfig: { maxOutputTokens: 50, temperature: 0.5 },
    });
    expect(reply.status).toBe(200);
    expect(first.calls[0]?.envelope.request).toMatchObject({ tools: [{ functionDeclarations: [{ name: "f", parameters: { properties: { n: { type: "integer", description: "maximum: 3" } } } }] }], generationConfig: { temperature: 0.5 } });
  });

  test("whose whole replies are not reliable are streamed and put together here", async () => {
    const { ask, first } = await place();
    expect((await ask.chat(CLAUDE)).text).toBe("Good day");
    expect(first.calls[0]?.verb).toBe("streamGenerateContent");
  });

  test("for pictures and for searches say so", async () => {
    const { ask, world, first } = await place();
    await ask.chat("gemini-3.1-flash-image", { stream: true });
    await world.ask(`/v1beta/models/${MODEL}:generateContent`, { contents: [{ role: "user", parts: [{ text: "News?" }] }], tools: [{ googleSearch: {} }] });
    expect(first.calls.map(({ envelope }) => envelope.requestType)).toEqual(["image_gen", "web_search"]);
  });

  test("leave Claude room beside its thinking", async () => {
    const { ask, first } = await place();
    await ask.messages(CLAUDE, { max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 3000 } });
    await ask.chat(CLAUDE, { reasoning_effort: "high", max_tokens: 2000 });
    await ask.chat(CLAUDE, { reasoning_effort: "high", max_tokens: 500 });
    await ask.chat(CLAUDE, { reasoning_effort: "high" });
    const configs = first.calls.map(({ envelope }) => (envelope.request as { generationConfig?: Members }).generationConfig);
    expect(configs.map((config) => [config?.maxOutputTokens, (config?.thinkingConfig as Members | undefined)?.thinkingBudget]))
      .toEqual([[4000, 3000], [2000, 1999], [500, undefined], [64_000, 24_576]]);
  });

  test("count tokens without project and model", async () => {
    const { world, first } = await place();
    const reply = await world.ask("/v1/messages/count_tokens", { model: MODEL, messages: [{ role: "user", content: "Hello" }] }, { "anthropic-version": "2023-06-01" });
    expect(await reply.json()).toEqual({ input_tokens: 4711 });
    expect(first.calls).toHaveLength(0);
  });
});

describe("bases", () => {
  test("the other one is asked after a 429, within one attempt", async () => {
    const { ask, first, second, world } = await place();
    first.instead.push(refusal(429, "RESOURCE_EXHAUSTED", "busy"));
    expect((await ask.chat(MODEL, { stream: true })).text).toBe("Good day");
    expect([first.calls.length, second.calls.length]).toEqual([1, 1]);
    expect(world.attempts).toHaveLength(1);
  });

  test("the other one is asked when the first has no capacity or cannot be reached, and not for other errors", async () => {
    const { ask, first, second } = await place();
    first.instead.push(refusal(503, "UNAVAILABLE", "No capacity available for model"), refusal(500, "INTERNAL", "broken"));
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect((await ask.chat(MODEL)).status).toBe(500);
    expect(second.calls).toHaveLength(1);
    const gone = listen(() => new Response());
    await gone.close();
    const other = await place({ firstBase: gone.origin });
    expect((await other.ask.chat(MODEL)).status).toBe(200);
    expect(other.second.calls).toHaveLength(1);
  });

  test("an address in the file stands for all", async () => {
    const elsewhere = startCodeAssist({ good: new Set(["access-token-1-of-tests"]), check });
    open.push(elsewhere);
    const { ask, first, second } = await place({ members: { base_url: `${elsewhere.origin}/`, user_agent: "house/2" } });
    elsewhere.instead.push(refusal(429, "RESOURCE_EXHAUSTED", "busy"));
    expect((await ask.chat(MODEL)).status).toBe(429);
    expect([elsewhere.calls.length, first.calls.length, second.calls.length]).toEqual([1, 0, 0]);
    expect(elsewhere.calls[0]?.headers.get("user-agent")).toBe("house/2");
  });
});

describe("tokens", () => {
  test("are renewed 50 minutes before their end when a request comes, and the refresh token stays", async () => {
    const { ask, cloud, world, clock, tokens } = await place();
    await ask.chat(MODEL);
    expect(cloud.asked).toHaveLength(0);
    clock.advance(599_001);
    await Promise.all(Array.from({ length: 10 }, () => ask.chat(MODEL)));
    expect(cloud.asked).toEqual([{ grant_type: "refresh_token", refresh_token: tokens.refreshToken, client_id: CLIENT_ID, client_secret: CLIENT_SECRET }]);
    expect(world.stored(FILE)).toMatchObject({ access_token: "access-token-2-of-tests", refresh_token: tokens.refreshToken, expires_in: 3599, timestamp: clock.now(), note: "kept" });
  });

  test("that still last serve when they cannot be renewed ahead of time", async () => {
    const { ask, cloud, tokens, first } = await place({ expiresInMs: 2_000_000 });
    cloud.before = () => new Response("busy", { status: 503 });
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect(cloud.asked).toHaveLength(1);
    expect(first.calls[0]?.headers.get("authorization")).toBe(`Bearer ${tokens.accessToken}`);
  });

  test("are renewed by themselves 5 minutes before it", async () => {
    const { cloud, clock, world } = await place();
    clock.advance(3_298_000);
    await world.gateway.accounts?.tick();
    expect(cloud.asked).toHaveLength(0);
    clock.advance(2000);
    await world.gateway.accounts?.tick();
    expect(cloud.asked).toHaveLength(1);
  });

  test("that are revoked are asked for once", async () => {
    const { ask, cloud, tokens } = await place({ expiresInMs: 1000 });
    cloud.revoke(tokens.refreshToken);
    expect([(await ask.chat(MODEL)).status, (await ask.chat(MODEL)).status]).toEqual([401, 503]);
    expect(cloud.asked).toHaveLength(1);
  });

  test("without an end in words are read by the time of the last one", () => {
    expect(antigravity.read({ access_token: "a", refresh_token: "r", timestamp: 1_763_690_400_000, expires_in: 3599 }, antigravity.defaults).expiresAt).toBe(1_763_693_999_000);
  });
});

describe("limits", () => {
  const details = (reason: string, delay?: string): readonly unknown[] => [quotaDetails.errorInfo(reason), ...(delay === undefined ? [] : [quotaDetails.retryInfo(delay)])];
  const rows: readonly (readonly [string, () => Response, string, number])[] = [
    ["of another kind", () => refusal(429, "UNAVAILABLE", "slow"), "rate-limited", 1000],
    ["without a word", () => new Response("", { status: 429 }), "rate-limited", 1000],
    ["of the minute, without a time", () => refusal(429, "RESOURCE_EXHAUSTED", "slow", details("RATE_LIMIT_EXCEEDED")), "rate-limited", 1000],
    ["of the minute", () => refusal(429, "RESOURCE_EXHAUSTED", "slow", details("RATE_LIMIT_EXCEEDED", "120s")), "rate-limited", 120_000],
    ["that last", () => refusal(429, "RESOURCE_EXHAUSTED", "slow", details("RATE_LIMIT_EXCEEDED", "400s")), "quota-exhausted", 400_000],
    ["of a quota", () => refusal(429, "RESOURCE_EXHAUSTED", "Your quota will reset after 10m0s.", details("QUOTA_EXHAUSTED")), "quota-exhausted", 600_000],
    ["of a quota, without a time", () => refusal(429, "RESOURCE_EXHAUSTED", "quota exhausted"), "quota-exhausted", 1_800_000],
  ];
  for (const [name, reply, kind, pauseMs] of rows) {
    test(`${name}: ${kind}`, async () => {
      const { ask, first, second, clock, world } = await place();
      first.instead.push(reply());
      second.instead.push(reply());
      expect((await ask.chat(MODEL)).status).toBe(429);
      expect(world.attempts[0]).toMatchObject({ outcome: "failed", failure: kind });
      clock.advance(pauseMs - 1);
      expect((await ask.chat(MODEL)).status).toBe(429);
      expect(first.calls).toHaveLength(1);
      clock.advance(1);
      expect((await ask.chat(MODEL)).status).toBe(200);
    });
  }

  test("are told when asked for, credits too", async () => {
    const { world } = await place({ cloud: { loaded: { cloudaicompanionProject: "p", paidTier: { availableCredits: [{ creditType: "GOOGLE_ONE_AI", creditAmount: "5", minimumCreditAmountForUsage: "50" }] } } } });
    const pool = world.gateway.accounts;
    const account = pool?.find(FILE);
    if (account === undefined || pool === undefined) throw new Error("no account");
    const { origin } = new URL(account.settings.endpoints?.["code-assist"] ?? "");
    const visit = { content: account.content, facts: account.facts, settings: { ...account.settings, baseUrl: origin }, calls: pool.callsFor(account) };
    expect(await antigravity.askQuota?.(visit)).toEqual([
      { name: "requests", model: MODEL, usedShare: 0.5, exhausted: false, resetsAt: Date.parse("2026-11-21T17:00:00Z") }, { name: "Google One AI credits", exhausted: true },
    ]);
  });
});

describe("credits", () => {
  const credits = { "quota-exceeded": { "antigravity-credits": true } };
  const exhausted = (): Response => refusal(429, "RESOURCE_EXHAUSTED", "over", [quotaDetails.errorInfo("QUOTA_EXHAUSTED"), quotaDetails.retryInfo("600s")]);

  test("are spent when all that is free is used up, and no longer", async () => {
    const { ask, first, second, clock } = await place({ config: { ...credits, routing: { "session-affinity": true } } });
    first.instead.push(exhausted());
    second.instead.push(exhausted());
    const conversation = { messages: [{ role: "user", content: "Hello" }], prompt_cache_key: "one-conversation" };
    expect((await ask.chat(MODEL, conversation)).status).toBe(200);
    expect(first.calls.map(({ envelope }) => envelope.enabledCreditTypes)).toEqual([undefined, ["GOOGLE_ONE_AI"]]);
    clock.advance(600_000);
    expect((await ask.chat(MODEL, conversation)).status).toBe(200);
    expect(first.calls.at(-1)?.envelope.enabledCreditTypes).toBeUndefined();
  });

  test("that are not there are not asked for again for ten minutes", async () => {
    const { ask, first, second, clock } = await place({ config: credits });
    const poor = (): Response => refusal(429, "RESOURCE_EXHAUSTED", "no credits", [quotaDetails.errorInfo("INSUFFICIENT_G1_CREDITS_BALANCE")]);
    first.instead.push(exhausted(), poor());
    second.instead.push(exhausted(), poor());
    expect((await ask.chat(MODEL)).status).toBe(429);
    clock.advance(599_000);
    expect((await ask.chat(MODEL)).status).toBe(429);
    expect(first.calls).toHaveLength(2);
  });

  test("are left alone unless the operator says so", async () => {
    const { ask, first, second } = await place();
    first.instead.push(exhausted());
    second.instead.push(exhausted());
    expect((await ask.chat(MODEL)).status).toBe(429);
    expect(first.calls).toHaveLength(1);
  });
});

describe("logins", () => {
  const flow = antigravity.logins?.[0];
  if (flow?.type !== "browser") throw new Error("no login in the browser");
  const visit = (cloud: GoogleCloud, options: Members = {}): RecordedVisit => visitOf(antigravity, { clientSecret: CLIENT_SECRET, endpoints: googleEndpoints(cloud, cloud.origin), ...options });
  const logIn = (cloud: GoogleCloud, visiting: RecordedVisit) => flow.exchange({ code: cloud.code(), state: "s", redirectUri: REDIRECT, verifier: "" }, visiting);

  test("write the file with the account's project", async () => {
    const cloud = google({ loaded: { cloudaicompanionProject: { id: "bright-river" } }, wanted: { loadCodeAssist: (body) => JSON.stringify(body) === '{"metadata":{"ideType":"ANTIGRAVITY"}}' } });
    const url = new URL(await flow.authorizeUrl({ state: "abc", redirectUri: REDIRECT, challenge: "" }, visit(cloud)));
    expect(url.searchParams.get("scope")?.split(" ").map((scope) => scope.split("/").at(-1))).toEqual(["cloud-platform", "userinfo.email", "userinfo.profile", "cclog", "experimentsandconfigs"]);
    expect(await logIn(cloud, visit(cloud))).toEqual({
      file: FILE,
      content: {
        type: "antigravity", access_token: "access-token-1-of-tests", refresh_token: "refresh-token-1-of-tests", expires_in: 3599, timestamp: Date.parse("2026-11-21T12:00:00Z"),
        expired: "2026-11-21T12:59:59Z", email: EMAIL, project_id: "bright-river",
      },
    });
  });

  test("enrol an account without a project, up to five times", async () => {
    const snake = { onboardUser: (body: Members) => JSON.stringify(body) === '{"tier_id":"free-tier","metadata":{"ide_type":"ANTIGRAVITY","ide_version":"2.9.1","ide_name":"antigravity"}}' };
    const cloud = google({ loaded: {}, onboarding: [{}, {}, { done: true, response: { projectId: "new" } }], wanted: snake });
    const visiting = visit(cloud, { options: { "ide-version": "2.9.1" } });
    expect((await logIn(cloud, visiting)).content.project_id).toBe("new");
    expect(visiting.pauses).toEqual([2000, 2000]);
    const slow = google({ loaded: { currentTier: { id: "x" } }, onboarding: [{}] });
    const waiting = visit(slow);
    await expect(logIn(slow, waiting)).rejects.toThrow("antigravity auth missing project_id");
    expect(waiting.pauses).toHaveLength(4);
  });

  test("that lack a project get one before the first request", async () => {
    const { ask, first, world } = await place({ members: { project_id: "" }, cloud: { loaded: { projectId: "late" } } });
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect(first.calls[0]?.envelope.project).toBe("late");
    expect(world.stored(FILE).project_id).toBe("late");
  });
});
