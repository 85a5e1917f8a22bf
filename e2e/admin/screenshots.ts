// Takes the pictures of docs/images: `node scripts/bun.js --conditions=@dragoman/source e2e/admin/screenshots.ts`.
// What stands in most of them is invented; the request with its two sides is a real one, answered by a scripted model.
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import configSchema from "../../config.schema.json";
import { serveFakeOffice } from "../../packages/admin/src/testing/serve-fake-office.ts";
import { openBrowser } from "../kit/browser.ts";
import { openAdminWorld, openWindow } from "./admin-world.ts";

const FOLDER = join(import.meta.dirname, "../../docs/images");
const MAX_BYTES = 200_000;
const DESK = { width: 1280, height: 800 };

interface Picture extends BrowserContextOptions {
  readonly name: string;
  readonly path: string;
  /** What is done before the picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  { name: "overview", path: "/" },
  { name: "overview-dark", path: "/", colorScheme: "dark" },
  { name: "overview-chinese", path: "/?range=7d", locale: "zh-CN" },
  { name: "overview-phone", path: "/", viewport: { width: 390, height: 800 } },
  { name: "usage", path: "/usage" },
  { name: "access", path: "/access" },
  { name: "providers", path: "/providers" },
  { name: "accounts", path: "/accounts" },
  { name: "models", path: "/models" },
  { name: "config", path: "/config" },
  { name: "connect", path: "/connect" },
  { name: "palette", path: "/", colorScheme: "dark", prepare: (page) => page.keyboard.press("Control+k") },
];

mkdirSync(FOLDER, { recursive: true });
await takeInvented();
await takeReal();

async function takeInvented(): Promise<void> {
  const [served, browser] = await Promise.all([serveFakeOffice({ configSchema: configSchema as never }), openBrowser()]);
  for (const { name, path, prepare, ...options } of PICTURES) {
    const context = await browser.newContext({ viewport: DESK, locale: "en-GB", reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    await page.goto(`${served.url}/admin${path}`);
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle");
    await prepare?.(page);
    await take(page, name);
    await context.close();
  }
  await browser.close();
  served.close();
}

async function takeReal(): Promise<void> {
  const world = await openAdminWorld();
  const { page, context, visit } = await openWindow(world, { viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce" });
  await context.request.put("/v0/management/live/capture", { data: { enabled: true }, headers: { "x-dragoman-session": "1" } });
  await fetch(`${world.program.origin}/v1/messages`, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "demo-prose", max_tokens: 500, top_k: 40, stream: true, messages: [{ role: "user", content: "What did a dragoman do?" }] }),
  }).then((response) => response.text());
  await visit("/live");
  await page.getByRole("link", { name: "demo-prose" }).click();
  await page.getByText("What the upstream heard").waitFor();
  await take(page, "request");
  await context.close();
  await world.close();
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await page.evaluate("document.fonts.ready");
  await page.screenshot({ path, animations: "disabled" });
  const { size } = statSync(path);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
  if (size > MAX_BYTES) throw new Error(`${name}.png is larger than ${MAX_BYTES} bytes`);
}
