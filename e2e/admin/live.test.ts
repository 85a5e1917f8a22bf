// Requests as they happen, one of them from both sides, and again to another model.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { openAdminWorld, openWindow, type AdminWorld } from "./admin-world.ts";

let world: AdminWorld;
beforeAll(async () => {
  world = await openAdminWorld();
}, 60_000);
afterAll(() => world.close());

const say = (text: string): Promise<Response> => fetch(`${world.program.origin}/v1/messages`, {
  method: "POST", headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "demo-echo", max_tokens: 100, messages: [{ role: "user", content: text }] }),
});

test("a request appears without being asked for, and its two sides can be read when bodies are kept", async () => {
  const { page, context, complaints, visit } = await openWindow(world);
  await visit("/live");
  await page.getByText("Connected").waitFor();
  expect((await say("nobody keeps this")).status).toBe(200);
  const rows = page.getByRole("row").filter({ hasText: "demo-echo" });
  await rows.first().waitFor();

  await page.getByRole("switch", { name: "Keep bodies" }).click();
  await page.getByRole("dialog").getByText("personal or confidential").waitFor();
  await page.getByRole("button", { name: "Keep for 15 minutes" }).click();
  await page.getByRole("switch", { name: "Keep bodies", checked: true }).waitFor();
  await say("a sentence that is kept");
  await rows.nth(1).waitFor();
  await rows.first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/admin/live/*");
  await page.getByText("What the client said").waitFor();
  const client = page.locator(".side").filter({ hasText: "What the client said" });
  const upstream = page.locator(".side").filter({ hasText: "What the upstream heard" });
  expect(await client.locator("pre").first().innerText()).toContain('"max_tokens": 100');
  expect(await upstream.locator("pre").first().innerText()).toContain('"max_completion_tokens": 100');
  expect(await upstream.locator("pre").first().innerText()).toContain("a sentence that is kept");
  expect(await page.locator(".timeline li").count()).toBeGreaterThan(0);
  expect(await page.locator(".span-part").count()).toBeGreaterThan(0);

  await page.getByRole("button", { name: "Replay" }).click();
  await page.getByLabel("Model").selectOption("demo-prose");
  await page.getByRole("button", { name: "Send" }).click();
  const reply = page.locator(".said");
  await reply.filter({ hasText: /\w{3,}/ }).waitFor();
  await page.getByRole("tab", { name: "As it came" }).click();
  await page.getByRole("dialog").locator("pre").filter({ hasText: "demo-prose" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a pause keeps what comes back until it ends; a filter stands in the address", async () => {
  const { page, context, visit } = await openWindow(world);
  await visit("/live");
  await page.getByText("Connected").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await page.getByRole("row").count();
  await say("while it is paused");
  await page.getByRole("button", { name: /Resume · 1 newer/ }).waitFor();
  expect(await page.getByRole("row").count()).toBe(before);
  await page.getByRole("button", { name: /Resume/ }).click();
  await page.getByRole("row").nth(before).waitFor();
  await page.getByRole("searchbox").fill("no such model anywhere");
  await page.getByText("No request matches").waitFor();
  expect(page.url()).toContain("q=no+such+model+anywhere");
  await context.close();
});

test("a request that is not kept says so", async () => {
  const { page, context, visit } = await openWindow(world);
  await visit("/live/req_unknown");
  await page.getByText("This request is not kept any more").waitFor();
  await context.close();
});
