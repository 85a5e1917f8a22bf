import { createVerify, generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test } from "bun:test";
import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { vertex } from "../../packages/gateway/src/accounts/kinds/vertex/index.ts";
import { CLIENT_KEY, listen, startGateway, type Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { asking, type Asking } from "./kit/asking.ts";
import { quotaDetails, refusal } from "./kit/code-assist.ts";
import { pausedLogins } from "./kit/paused-logins.ts";
import { visitOf } from "./kit/login-visit.ts";

const MODEL = "gemini-2.5-flash";
const FILE = "vertex-my-project.json";
const EMAIL = "sa@my-project.iam.gserviceaccount.com";
const KEY_PAIR = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PKCS8 = KEY_PAIR.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const PKCS1 = KEY_PAIR.privateKey.export({ type: "pkcs1", format: "pem" }) as string;

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface ModelCall {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

interface Vertex extends Listening {
  readonly tokenUri: string;
  readonly good: Set<string>;
  /** Claims of the grants, in turn. */
  readonly grants: Record<string, unknown>[];
  readonly calls: ModelCall[];
  readonly instead: Response[];
  readonly simulator: Simulator;
}

const PATH = /^\/v1\/(?:projects\/my-project\/locations\/([\w-]+)\/)?publishers\/google\/models\/([^/:]+):(\w+)$/;

/** Google's token endpoint for service accounts, and Vertex AI's models: by token below a project, by key without one. */
function startVertex(): Vertex {
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "gemini-generate-content");
  if (simulated === undefined) throw new Error("nobody simulates this dialect");
  const simulator = createSimulator(simulated.dialect, simulated.vendor, () => ({ text: "Good day" }));
  const good = new Set<string>();
  const grants: Record<string, unknown>[] = [];
  const calls: ModelCall[] = [];
  const instead: Response[] = [];
  const listening = listen(async (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/token") return token(await request.text(), request.headers, url.href);
    const [, location, model = "", verb = ""] = PATH.exec(url.pathname) ?? [];
    if (verb === "") return refusal(404, "NOT_FOUND", url.pathname);
    if (!mayEnter(request.headers, location)) return refusal(401, "UNAUTHENTICATED", "no good credential, or two of them");
    const body = (await request.json()) as Record<string, unknown>;
    calls.push({ path: url.pathname + url.search, headers: request.headers, body });
    const next = instead.shift();
    if (next !== undefined) return next;
    if (JSON.stringify(body).includes('"id":')) return refusal(400, "INVALID_ARGUMENT", 'Unknown name "id"');
    if (verb === "predict") return predict(body);
    if (verb === "countTokens") return count(body);
    return simulator.fetch(new Request(`${url.origin}/v1beta/models/${model}:${verb}${url.search}`, { method: "POST", headers: request.headers, body: JSON.stringify(body) }));
  });
  function token(text: string, headers: Headers, audience: string): Response {
    const form = Object.fromEntries(new URLSearchParams(text));
    const claims = verified(form.assertion ?? "");
    const isRight = headers.get("content-type") === "application/x-www-form-urlencoded" && form.grant_type === "urn:ietf:params:oauth:grant-type:jwt-bearer";
    if (!isRight || claims === undefined || claims.aud !== audience || claims.exp !== Number(claims.iat) + 3600) return Response.json({ error: "invalid_grant", error_description: "bad assertion" }, { status: 400 });
    grants.push(claims);
    const accessToken = `vertex-token-${grants.length}-of-tests`;
    good.add(accessToken);
    return Response.json({ access_token: accessToken, expires_in: 3599, token_type: "Bearer" });
  }
  function mayEnter(headers: Headers, location: string | undefined): boolean {
    const bearer = headers.get("authorization")?.replace(/^Bearer /, "");
    const key = headers.get("x-goog-api-key");
    return location === undefined ? key === "vertex-key-of-tests" && bearer === undefined : key === null && good.has(bearer ?? "");
  }
  return { ...listening, tokenUri: `${listening.origin}/token`, good, grants, calls, instead, simulator };
}

/** The claims of a grant that this account's key has signed. */
function verified(assertion: string): Record<string, unknown> | undefined {
  const [head = "", claims = "", signature = ""] = assertion.split(".");
  const verify = createVerify("RSA-SHA256").update(`${head}.${claims}`);
  const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  if (!verify.verify(KEY_PAIR.publicKey, Buffer.from(signature, "base64url")) || read(head).alg !== "RS256") return undefined;
  return read(claims);
}

function predict(body: Record<string, unknown>): Response {
  const instances = body.instances as { prompt?: string }[] | undefined;
  if (Object.keys(body).sort().join() !== "instances,parameters" || instances?.[0]?.prompt === undefined) return refusal(400, "INVALID_ARGUMENT", "predict wants instances");
  return Response.json({ predictions: [{ bytesBase64Encoded: "iVBORw0KGgo=", mimeType: "image/png" }] });
}

function count(body: Record<string, unknown>): Response {
  const unknown = Object.keys(body).find((key) => !["contents", "systemInstruction", "tools"].includes(key));
  return unknown === undefined && Array.isArray(body.contents) ? Response.json({ totalTokens: 42 }) : refusal(400, "INVALID_ARGUMENT", `Unknown name "${unknown}"`);
}

interface Place {
  readonly api: Vertex;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  readonly ask: Asking;
}

async function place(options: { readonly members?: Record<string, unknown>; readonly privateKey?: string } = {}): Promise<Place> {
  const clock = movedClock();
  const api = startVertex();
  const world = await startAccountWorld({
    clock,
    files: { [FILE]: {
      type: "vertex", project_id: "my-project", email: EMAIL, location: "europe-west4", label: `my-project (${EMAIL})`, note: "kept",
      service_account: { type: "service_account", project_id: "my-project", private_key_id: "k1", private_key: options.privateKey ?? PKCS8, client_email: EMAIL, token_uri: api.tokenUri },
      ...options.members,
    } },
    // Nobody is asked for consent to use his own cloud account.
    config: { accounts: { subscriptions: false, kinds: { vertex: { "base-url": api.origin } } } },
  });
  open.push(api, world);
  return { api, world, clock, ask: asking(world) };
}

describe("a service account", () => {
  test("signs for its token and answers at its project and location, whole and streamed", async () => {
    const { ask, api, world } = await place();
    const answers = [await ask.chat(MODEL), await ask.chat(MODEL, { stream: true }), await ask.messages(MODEL)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, "Good day"]));
    const reply = await world.ask(`/v1beta/models/${MODEL}:streamGenerateContent?alt=sse`, { contents: [{ role: "user", parts: [{ text: "Hello" }] }] });
    expect(await reply.text()).toContain("data: {");
    const base = `/v1/projects/my-project/locations/europe-west4/publishers/google/models/${MODEL}`;
    expect(api.calls.map(({ path }) => path)).toEqual([`${base}:generateContent`, `${base}:streamGenerateContent?alt=sse`, `${base}:generateContent`, `${base}:streamGenerateContent?alt=sse`]);
    expect(api.grants).toEqual([{ iss: EMAIL, sub: EMAIL, aud: api.tokenUri, scope: "https://www.googleapis.com/auth/cloud-platform", iat: 1_795_262_400, exp: 1_795_266_000 }]);
    expect(world.stored(FILE)).toMatchObject({ note: "kept", access_token: "vertex-token-1-of-tests", expired: "2026-11-21T12:59:59Z" });
    expect(world.attempts[0]).toMatchObject({ provider: "vertex", credential: `vertex my-project (${EMAIL})` });
  });

  test("gets a new token a minute before the end of the old one, once for all", async () => {
    const { ask, api, clock } = await place();
    await ask.chat(MODEL);
    clock.advance(3_538_000);
    await ask.chat(MODEL);
    expect(api.grants).toHaveLength(1);
    clock.advance(1000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask.chat(MODEL)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(api.grants).toHaveLength(2);
  });

  test("gets a new token when the old one is refused, or has long ended", async () => {
    const { ask, api, clock, world } = await place();
    await ask.chat(MODEL);
    api.good.clear();
    expect((await ask.chat(MODEL)).status).toBe(200);
    clock.advance(24 * 3_600_000);
    await world.gateway.accounts?.noticed(FILE);
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect(api.grants).toHaveLength(3);
  });

  const forms: readonly (readonly [string, string])[] = [
    ["PKCS#1", PKCS1],
    ["with words for line ends", PKCS8.replaceAll("\n", "\\n")],
    ["on one line", PKCS8.replaceAll("\n", " ").replace(/ PRIVATE KEY-----/g, " PRIVATE KEY-----")],
    ["in a terminal's colours", `\u001b[32m${PKCS8.replaceAll("\n", "\r\n")}\u001b[0m`],
  ];
  for (const [name, privateKey] of forms) {
    test(`takes a key in its form: ${name}`, async () => {
      const { ask } = await place({ privateKey });
      expect((await ask.chat(MODEL)).status).toBe(200);
    });
  }

  test("whose key cannot be read says so, without a word of the key", async () => {
    const { ask, world } = await place({ privateKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" });
    const answer = await ask.chat(MODEL);
    expect(answer.status).toBe(401);
    expect(answer.raw).toContain("the private key of the service account is not readable");
    expect(JSON.stringify(world.log)).not.toContain("AAAA");
  });

  test("calls tools without ids, and counts tokens beside the contents", async () => {
    const { ask, api, world } = await place();
    const call = { id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } };
    const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
    const told = await ask.chat("gemini-3-flash", { tools, messages: [{ role: "user", content: "Weather?" }, { role: "assistant", tool_calls: [call] }, { role: "tool", tool_call_id: "call_1", content: "rain" }] });
    expect(told.status).toBe(200);
    expect(JSON.stringify(api.calls[0]?.body)).toContain("functionResponse");
    const counted = await world.ask("/v1/messages/count_tokens", { model: MODEL, system: "Be brief.", messages: [{ role: "user", content: "Hello" }] }, { "anthropic-version": "2023-06-01" });
    expect(await counted.json()).toEqual({ input_tokens: 42 });
  });

  test("rests as long as RetryInfo says", async () => {
    const { ask, api, clock } = await place();
    api.instead.push(refusal(429, "RESOURCE_EXHAUSTED", "slow down", [quotaDetails.retryInfo("37.5s")]));
    expect((await ask.chat(MODEL)).status).toBe(429);
    clock.advance(37_499);
    expect((await ask.chat(MODEL)).status).toBe(429);
    clock.advance(1);
    expect((await ask.chat(MODEL)).status).toBe(200);
    expect(api.calls).toHaveLength(2);
  });

  test("paints with Imagen, for clients that stream, too", async () => {
    const { world, api } = await place();
    const question = { contents: [{ role: "user", parts: [{ text: "A cat" }] }], generationConfig: { imageConfig: { aspectRatio: "16:9" } } };
    const whole = (await (await world.ask("/v1beta/models/imagen-4.0-generate-001:generateContent", question)).json()) as { candidates: { content: { parts: unknown[] }; finishReason: string }[] };
    const picture = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } };
    expect(whole.candidates[0]).toMatchObject({ content: { parts: [picture] }, finishReason: "STOP" });
    const streamed = await (await world.ask("/v1beta/models/imagen-4.0-generate-001:streamGenerateContent?alt=sse", question)).text();
    expect(streamed).toContain(JSON.stringify(picture));
    for (const { path, body } of api.calls) {
      expect(path).toBe("/v1/projects/my-project/locations/europe-west4/publishers/google/models/imagen-4.0-generate-001:predict");
      expect(body).toEqual({ instances: [{ prompt: "A cat" }], parameters: { sampleCount: 1, aspectRatio: "16:9" } });
    }
  });
});

describe("places", () => {
  const request = { baseUrl: "https://aiplatform.googleapis.com", path: "/v1/publishers/google/models/m:generateContent", headers: {}, lastHeaders: {}, body: "{}", streamed: false, model: "m", dialect: "gemini-generate-content", clientHeaders: new Headers() };
  const address = (content: Record<string, string>): string | undefined => {
    const facts = vertex.read(content, vertex.defaults);
    return vertex.address?.(request, { facts, values: facts.values ?? {}, settings: vertex.defaults, now: () => 0, newId: () => "" }).url;
  };

  test("stand in the host, save the global one", () => {
    expect(address({ project_id: "p", location: "asia-east1" })).toBe("https://asia-east1-aiplatform.googleapis.com/v1/projects/p/locations/asia-east1/publishers/google/models/m:generateContent");
    expect(address({ project_id: "p", location: "global" })).toBe("https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent");
    expect(address({ project_id: "p" })).toContain("https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/");
  });
});

describe("a key file", () => {
  const flow = vertex.logins?.[0];
  if (flow?.type !== "secret") throw new Error("no login by a file");
  const keyFile = { type: "service_account", project_id: "my-project", private_key_id: "k1", private_key: PKCS8.replaceAll("\n", "\\n"), client_email: EMAIL, token_uri: "https://oauth2.googleapis.com/token" };
  const take = (text: string, options: Record<string, string> = {}) => flow.exchange(text, visitOf(vertex, {}, options));

  test("becomes a stored login", async () => {
    expect(flow.isFile).toBe(true);
    expect(await take(JSON.stringify(keyFile))).toEqual({
      file: FILE,
      content: { type: "vertex", project_id: "my-project", email: EMAIL, location: "us-central1", label: `my-project (${EMAIL})`, service_account: { ...keyFile, private_key: PKCS8 } },
    });
    const other = await take(JSON.stringify({ ...keyFile, project_id: "org:team/my app" }), { location: "global", prefix: "eu" });
    expect(other.file).toBe("vertex-eu-org_team_my-app.json");
    expect(other.content).toMatchObject({ location: "global", prefix: "eu" });
  });

  test("is taken by the runner of logins, and answers at once", async () => {
    const { world, clock, api, ask } = await place();
    const { logins } = pausedLogins(world, clock);
    const secret = JSON.stringify({ ...keyFile, token_uri: api.tokenUri });
    const begun = await logins.begin("vertex", { secret, choices: { location: "asia-east1", prefix: "east" } });
    expect(await begun.finished).toMatchObject({ file: "vertex-east-my-project.json", kind: "vertex", email: EMAIL });
    expect((await ask.chat(`east/${MODEL}`)).text).toBe("Good day");
    expect(api.calls[0]?.path).toContain("/locations/asia-east1/");
    await logins.close();
  });

  test("that is none is refused, with the reason", async () => {
    await expect(take("nonsense")).rejects.toThrow("invalid json");
    await expect(take(JSON.stringify({ ...keyFile, project_id: "" }))).rejects.toThrow("project_id missing");
    await expect(take(JSON.stringify({ ...keyFile, private_key: "no key" }))).rejects.toThrow("invalid service account");
  });
});

describe("a key of Vertex AI", () => {
  test("answers without a project in the path, pictures too", async () => {
    const api = startVertex();
    const gateway = startGateway({ "vertex-api-key": [{ "api-key": "vertex-key-of-tests", "base-url": `${api.origin}/v1` }] });
    open.push(api, gateway);
    const ask = (path: string, body: unknown): Promise<Response> => fetch(gateway.origin + path, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}` }, body: JSON.stringify(body) });
    expect((await ask("/v1/chat/completions", { model: MODEL, messages: [{ role: "user", content: "Hello" }] })).status).toBe(200);
    expect((await ask("/v1beta/models/imagen-4.0-generate-001:generateContent", { contents: [{ role: "user", parts: [{ text: "A cat" }] }] })).status).toBe(200);
    expect(api.calls.map(({ path }) => path)).toEqual([`/v1/publishers/google/models/${MODEL}:generateContent`, "/v1/publishers/google/models/imagen-4.0-generate-001:predict"]);
    expect(gateway.attempts.map(({ provider }) => provider)).toEqual(["vertex", "vertex"]);
  });
});
