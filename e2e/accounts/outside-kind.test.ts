import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSimulator, SIMULATED, type Act, type Simulator, type Trouble } from "@dragoman/gateway/testing";
import { CLIENT_KEY, listen } from "../kit/running.ts";
import { startOffice, type RunningOffice } from "../kit/office.ts";
import { acme } from "./kit/acme.ts";
import { startIssuer, type Issuer } from "./kit/issuer.ts";

interface Acme {
  readonly office: RunningOffice;
  readonly issuer: Issuer;
  readonly upstream: Simulator;
  ask(): Promise<Response>;
  log(answer: (url: URL) => string): Promise<{ readonly state: string; readonly final: unknown }>;
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

let port = 22_100;

/** A gateway that was given the kind from outside, before a scripted vendor. */
async function startAcme({ script = () => ({ text: "Good day" }), allows = true }: { readonly script?: () => Act | Trouble; readonly allows?: boolean } = {}): Promise<Acme> {
  const callbackPort = port++;
  const issuer = startIssuer({
    clientId: "acme-client", body: "form", redirectUri: `http://localhost:${callbackPort}/back`, pkce: true, extra: () => ({ email: "one@example.com" }),
    other: (request, { good }) => (new URL(request.url).pathname === "/quota" && good.has(request.headers.get("authorization")?.slice(7) ?? "") ? Response.json({ used: 0.25 }) : undefined),
  });
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "openai-chat");
  if (simulated === undefined) throw new Error("no simulated provider");
  const upstream = createSimulator(simulated.dialect, simulated.vendor, script);
  const place = listen(async (request) => {
    if (!issuer.good.has(request.headers.get("authorization")?.slice(7) ?? "")) return Response.json({ error: { message: "who are you" } }, { status: 401 });
    const reply = await upstream.fetch(request);
    reply.headers.set("x-acme-left", "0.4");
    return reply;
  });
  const settings = { "callback-port": callbackPort, "base-url": `${place.origin}/v1`, endpoints: { authorize: `${issuer.origin}/authorize`, token: issuer.tokenUrl, quota: `${issuer.origin}/quota` } };
  const office = await startOffice({ accountKinds: [acme], more: `accounts: ${JSON.stringify({ subscriptions: allows, kinds: { acme: settings } })}\n` });
  open.push(office, issuer, place);
  const log: Acme["log"] = async (answer) => {
    const begun = await office.call("POST", "/logins", { body: { kind: "acme", choices: { team: "blue" } } });
    const { state, url } = begun.body as { state: string; url: string };
    await fetch(answer(new URL(url)));
    for (;;) {
      const { body } = await office.get(`/logins/${state}`);
      if ((body as { state: string }).state !== "pending") return { state, final: body };
      await Bun.sleep(5);
    }
  };
  return { office, issuer, upstream, log, ask: () => fetch(`${office.origin}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}` }, body: JSON.stringify({ model: "acme-large", messages: [{ role: "user", content: "Hello" }] }) }) };
}

/** What the vendor's page does once the person has agreed. */
const agreed = (issuer: Issuer) => (url: URL): string => {
  const back = new URL(url.searchParams.get("redirect_uri") ?? "");
  back.hostname = "127.0.0.1";
  back.search = new URLSearchParams({ code: issuer.code(url.searchParams.get("code_challenge") ?? ""), state: url.searchParams.get("state") ?? "" }).toString();
  return back.href;
};

const accountOf = async ({ office }: Acme): Promise<Record<string, unknown> | undefined> => ((await office.get("/accounts")).body as { accounts: Record<string, unknown>[] }).accounts[0];
const FILE = encodeURIComponent("acme-one@example.com.json");

describe("a kind of account from outside", () => {
  test("is logged in, answers requests, tells its quota, and is written down", async () => {
    const vendor = await startAcme();
    const { final } = await vendor.log(agreed(vendor.issuer));
    expect(final).toMatchObject({ state: "saved", file: "acme-one@example.com.json" });
    expect((await vendor.ask()).status).toBe(200);
    expect(vendor.upstream.seen[0]?.headers.get("x-acme-team")).toBe("blue");
    expect(await accountOf(vendor)).toMatchObject({ kind: "acme", label: "one@example.com", state: "ready", isSubscription: true, canRenew: true, quotas: [{ name: "day", usedShare: 0.6 }] });
    const stored = JSON.parse(readFileSync(join(vendor.office.directory, "auth", "acme-one@example.com.json"), "utf8")) as Record<string, unknown>;
    expect(stored).toMatchObject({ type: "acme", email: "one@example.com", team: "blue" });
    const shown = JSON.stringify((await vendor.office.get("/accounts")).body);
    for (const secret of [stored.access_token, stored.refresh_token]) expect(shown).not.toContain(String(secret));
  });

  test("is renewed, asked for its quota, switched, and removed by the management API", async () => {
    const vendor = await startAcme();
    await vendor.log(agreed(vendor.issuer));
    expect((await vendor.office.call("POST", `/accounts/${FILE}/renew`)).status).toBe(200);
    expect(vendor.issuer.asked.at(-1)).toMatchObject({ grant_type: "refresh_token" });
    expect((await vendor.office.call("POST", `/accounts/${FILE}/quota`)).body).toMatchObject({ quotas: [{ name: "month", usedShare: 0.25 }] });
    expect((await vendor.office.call("PATCH", `/accounts/${FILE}`, { body: { disabled: true } })).status).toBe(200);
    expect(await accountOf(vendor)).toMatchObject({ state: "disabled" });
    expect((await vendor.ask()).status).toBe(503);
    await vendor.office.call("PATCH", `/accounts/${FILE}`, { body: { disabled: false } });
    expect((await vendor.ask()).status).toBe(200);
    expect((await vendor.office.call("DELETE", `/accounts/${FILE}`)).status).toBe(200);
    expect((await vendor.ask()).status).toBe(404);
    expect((await vendor.office.call("POST", `/accounts/${FILE}/renew`)).status).toBe(404);
  });

  test("that is out of credit is asked once, says what to do, and is tried again when a person says so", async () => {
    let isBroke = true;
    const vendor = await startAcme({ script: () => (isBroke ? { trouble: "refuse", status: 402, message: "no credit" } : { text: "Good day" }) });
    await vendor.log(agreed(vendor.issuer));
    // In the client's dialect "no credit" is a 429 of the type `insufficient_quota`.
    expect([(await vendor.ask()).status, (await vendor.ask()).status]).toEqual([429, 503]);
    expect(vendor.upstream.seen).toHaveLength(1);
    expect(await accountOf(vendor)).toMatchObject({ state: "out-of-credit", advice: expect.stringContaining("Top it up") });
    isBroke = false;
    expect((await vendor.office.call("POST", `/accounts/${FILE}/reset`)).body).toMatchObject({ state: "ready" });
    expect((await vendor.ask()).status).toBe(200);
  });

  test("whose terms nobody has agreed to is neither logged in nor used", async () => {
    const vendor = await startAcme({ allows: false });
    const refused = await vendor.office.call("POST", "/logins", { body: { kind: "acme" } });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("Acme sells its plans")]);
    const consent = async (): Promise<unknown> => {
      const { subscriptions, kinds } = (await vendor.office.get("/accounts")).body as { subscriptions: unknown; kinds: { name: string; isAllowed: boolean }[] };
      return [subscriptions, kinds.find(({ name }) => name === "acme")?.isAllowed];
    };
    expect(await consent()).toEqual([false, false]);
    for (const [list, isAllowed] of [[["another"], false], [["another", "acme"], true]]) {
      expect((await vendor.office.call("PATCH", "/config", { body: { set: [{ path: ["accounts", "subscriptions"], value: list }] } })).status).toBe(200);
      expect(await consent()).toEqual([list, isAllowed]);
    }
  });

  test("takes the address by hand, and no answer of another login", async () => {
    const vendor = await startAcme();
    const begun = await vendor.office.call("POST", "/logins", { body: { kind: "acme" } });
    const { state, url } = begun.body as { state: string; url: string };
    const answer = (pasted: string): Promise<{ status: number }> => vendor.office.call("POST", `/logins/${state}/answer`, { body: { pasted } });
    expect((await answer("what is this")).status).toBe(400);
    expect((await answer("http://localhost/back?code=x&state=another")).status).toBe(400);
    expect((await answer(agreed(vendor.issuer)(new URL(url)))).status).toBe(200);
    for (;;) {
      const { body } = await vendor.office.get(`/logins/${state}`);
      if ((body as { state: string }).state === "saved") break;
      await Bun.sleep(5);
    }
    expect((await answer(url)).status).not.toBe(200);
    expect((await vendor.office.call("DELETE", `/logins/${state}`)).status).toBe(200);
  });
});
