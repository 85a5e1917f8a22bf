// A newcomer's first hour in a real browser, with the real program: from the printed link to a budget that holds.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SIMULATED, createSimulator } from "@dragoman/gateway/testing";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../kit/browser.ts";
import { makeHome, startServer, waitFor, type RunningProgram } from "../kit/program.ts";
import { listen, type Listening } from "../kit/running.ts";

const USED = { input: 300, output: 200 };
const BUDGET = 1200;
const home = makeHome();
let upstream: Listening;
let program: RunningProgram;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const chat = SIMULATED.find(({ dialect }) => dialect.id === "openai-chat");
  if (chat === undefined) throw new Error("no simulated chat provider");
  const simulator = createSimulator(chat.dialect, chat.vendor, () => ({ text: "Good day.", usage: USED }), {});
  upstream = listen((request) => simulator.fetch(request));
  home.write("config.yaml", "# my gateway\ndiscovery: { environment: false, local: false }\n\n# kept as it is\nrequest-retry: 1\n");
  program = await startServer(home, ["serve"]);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("Failed to load resource")) complaints.push(message.text());
  });
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  await upstream.close();
  home.remove();
});

const go = (path: string): Promise<unknown> => page.goto(`${program.origin}/admin${path}`);
const press = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
const ask = (key: string, words: string): Promise<Response> =>
  fetch(`${program.origin}/v1/messages`, { method: "POST", headers: { "x-api-key": key, "anthropic-version": "2023-06-01", "content-type": "application/json" }, body: JSON.stringify({ model: "sim-chat", max_tokens: 200, messages: [{ role: "user", content: words }] }) });

describe("from the printed link to a budget that holds", () => {
  let key = "";

  test("the first run: management key, upstream, client key, first call", async () => {
    const link = await waitFor(() => /http:\/\/\S+\/admin\/setup#token=\w+/.exec(program.stdout() + program.stderr())?.[0]);
    await page.goto(link);
    await press("Set the key");
    expect(await page.getByTestId("management-key").innerText()).toMatch(/^\S{16,}$/);
    await press("I have kept it");
    await press("More providers…");
    await page.getByRole("button", { name: /^OpenAI compatible/ }).first().click();
    await page.getByLabel("Name").fill("simulated");
    await page.getByLabel("API key", { exact: true }).fill("sk-upstream-secret-chat");
    await page.getByLabel("Base URL").fill(`${upstream.origin}/v1`);
    await page.getByText("More settings").click();
    await page.getByLabel("Models").fill("sim-chat");
    await page.getByLabel("Models").press("Enter");
    await press("Add it");
    await page.getByText("models are served already").waitFor();
    await press("Test it");
    await page.getByText(/sim-chat answered after/).waitFor();
    await press("Continue");
    await press("Make the key");
    expect(await page.getByTestId("client-key").innerText()).toMatch(/^sk-[0-9a-f]{64}$/);
    await press("Continue");
    await press("Send");
    await page.getByText("Good day.").first().waitFor();
    await page.getByRole("link", { name: "To the overview" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  }, 60_000);

  test("a user with a budget, and a key of his", async () => {
    await go("/access");
    await press("New user");
    await page.getByLabel("Name", { exact: true }).fill("build-bot");
    await press("Add a budget");
    await page.getByLabel("Tokens", { exact: true }).fill(String(BUDGET));
    await press("Create user");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "New key", exact: true }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("nightly");
    await page.getByRole("dialog").getByLabel("User", { exact: true }).selectOption({ label: "build-bot" });
    await press("Create key");
    key = await page.getByTestId("secret").innerText();
    expect(key).toMatch(/^sk-[0-9a-f]{64}$/);
    await press("I have copied it");
    await page.reload();
    await page.getByText("nightly").waitFor();
    expect(await page.content()).not.toContain(key);
  }, 60_000);

  test("a call shows itself live, in both dialects", async () => {
    await go("/live");
    await page.getByText("Connected").waitFor();
    await page.getByLabel("Keep bodies").click();
    await press("Keep for 15 minutes");
    await page.getByText(/Bodies of requests are kept until/).waitFor();
    const reply = await ask(key, "Is the build green?");
    expect(reply.status).toBe(200);
    const row = page.getByRole("row").filter({ hasText: "Anthropic Messages" }).first();
    await row.waitFor();
    await row.click();
    await page.getByText("What the upstream heard").first().waitFor();
    const shown = await page.locator("main").innerText();
    expect(shown).toContain("Is the build green?");
    expect(shown).toContain('"max_tokens"');
    expect(shown).not.toContain("sk-upstream-secret-chat");
    expect(shown).not.toContain(key);
  }, 60_000);

  test("the budget holds, and the usage says who spent it", async () => {
    let refused: Response | undefined;
    for (let calls = 0; calls < 6 && refused === undefined; calls++) {
      const reply = await ask(key, "And now?");
      if (reply.status !== 200) refused = reply;
      else await reply.text();
    }
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused?.json()).toMatchObject({ type: "error", error: { type: "rate_limit_error" } });
    await go("/usage?group=user");
    const row = page.getByRole("row").filter({ hasText: "build-bot" }).first();
    await row.waitFor();
    const used = await (await page.request.get(`${program.origin}/v0/management/usage/summary?groupBy=user`)).json() as { rows: { labels: Record<string, string>; totalTokens: number }[] };
    const mine = used.rows.find(({ labels }) => labels.user === "build-bot");
    expect(mine?.totalTokens).toBeGreaterThanOrEqual(BUDGET - USED.input - USED.output);
    expect(mine?.totalTokens).toBeLessThanOrEqual(BUDGET + USED.input + USED.output);
  }, 60_000);

  test("a change of the configuration is shown before it is saved, and takes effect", async () => {
    await go("/config");
    await page.getByLabel("Search settings").fill("request-retry");
    await page.getByLabel("request-retry", { exact: true }).fill("4");
    await press("Review and save");
    await page.getByRole("dialog").getByText("request-retry").first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved and in force").waitFor();
    const now = await (await page.request.get(`${program.origin}/v0/management/request-retry`)).json() as unknown;
    expect(now).toEqual({ "request-retry": 4 });
    await go("/audit");
    await page.getByText("config", { exact: false }).first().waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);
});
