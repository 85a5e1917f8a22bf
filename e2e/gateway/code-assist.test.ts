import { afterAll, describe, expect, test } from "bun:test";
import { CLIENT_KEY, startGateway } from "../kit/running.ts";

const keyed = startGateway({});
const open = startGateway({ "api-keys": [] });
afterAll(() => Promise.all([keyed.close(), open.close()]));

const post = (path: string, body: unknown, key?: string): Request =>
  new Request(`http://gateway.example${path}`, { method: "POST", headers: { "content-type": "application/json", ...(key !== undefined && { authorization: `Bearer ${key}` }) }, body: JSON.stringify(body) });
const HERE = { address: "127.0.0.1" };
const ELSEWHERE = { address: "192.0.2.7" };

describe("a client of Code Assist sets itself up", () => {
  const answers: readonly (readonly [string, unknown, unknown])[] = [
    ["loadCodeAssist", { metadata: {} }, { currentTier: { id: "standard-tier" }, cloudaicompanionProject: "dragoman" }],
    ["loadCodeAssist", { cloudaicompanionProject: "mine" }, { cloudaicompanionProject: "mine" }],
    ["onboardUser", { tierId: "standard-tier" }, { done: true, response: { cloudaicompanionProject: { id: "dragoman" } } }],
    ["listExperiments", {}, { flags: [] }],
    ["retrieveUserQuota", {}, { buckets: [] }],
    ["recordCodeAssistMetrics", { metrics: [{ secret: 1 }] }, {}],
  ];
  for (const [verb, body, expected] of answers) {
    test(verb, async () => {
      const reply = await keyed.gateway.fetch(post(`/v1internal:${verb}`, body, CLIENT_KEY), ELSEWHERE);
      expect(reply.status).toBe(200);
      expect(await reply.json()).toMatchObject(expected as Record<string, unknown>);
    });
  }
  test("another verb is not known, in the client's dialect", async () => {
    const reply = await keyed.gateway.fetch(post("/v1internal:somethingElse", {}, CLIENT_KEY), HERE);
    expect([reply.status, ((await reply.json()) as { error: { status: string } }).error.status]).toEqual([404, "NOT_FOUND"]);
  });
});

describe("who may", () => {
  test("with client keys, whoever shows one; a Google token is none", async () => {
    expect((await keyed.gateway.fetch(post("/v1internal:loadCodeAssist", {}, "ya29.token-of-a-person"), HERE)).status).toBe(401);
    expect((await keyed.gateway.fetch(post("/v1internal:loadCodeAssist", {}, CLIENT_KEY), ELSEWHERE)).status).toBe(200);
  });
  for (const verb of ["loadCodeAssist", "generateContent", "streamGenerateContent", "countTokens"]) {
    test(`without client keys, only this machine: ${verb}`, async () => {
      const body = { model: "gemini-2.5-pro", request: { contents: [] } };
      expect((await open.gateway.fetch(post(`/v1internal:${verb}`, body, "ya29.token-of-a-person"), ELSEWHERE)).status).toBe(403);
      expect((await open.gateway.fetch(post(`/v1internal:${verb}`, body, "ya29.token-of-a-person"), {})).status).toBe(403);
      expect((await open.gateway.fetch(post(`/v1internal:${verb}`, body, "ya29.token-of-a-person"), HERE)).status).not.toBe(403);
    });
  }
});
