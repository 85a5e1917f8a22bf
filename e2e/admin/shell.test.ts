// The frame of the web interface in a real browser, over the program itself.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { MANAGEMENT_KEY, openAdminWorld, openWindow, type AdminWorld } from "./admin-world.ts";

let world: AdminWorld;
beforeAll(async () => {
  world = await openAdminWorld();
}, 60_000);
afterAll(() => world.close());

const PAGES: Readonly<Record<string, string>> = {
  "/": "Overview", "/live": "Live", "/usage": "Usage", "/access": "Users & keys", "/providers": "Providers", "/models": "Models",
  "/playground": "Playground", "/connect": "Connect", "/config": "Configuration", "/logs": "Logs", "/audit": "Audit", "/settings": "Settings",
};

test("who is not signed in comes to the door, and from there to the page that he wanted", async () => {
  const { page, context, visit } = await openWindow(world, { signedIn: false });
  await visit("/live?state=failed");
  await page.waitForURL("**/admin/sign-in?next=*");
  await page.getByLabel("Management key").fill("not the key");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "not the management key" }).waitFor();
  await page.getByLabel("Management key").fill(MANAGEMENT_KEY);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/admin/live?state=failed");
  await page.getByRole("heading", { level: 1, name: "Live" }).waitFor();
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/admin/sign-in");
  await context.close();
});

test("a next page elsewhere is not followed", async () => {
  const { page, context, visit } = await openWindow(world);
  await visit("/sign-in?next=//elsewhere.example/");
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  expect(new URL(page.url()).origin).toBe(world.program.origin);
  await context.close();
});

test("in the dark every page opens without a complaint of the console or the content security policy", async () => {
  const { page, context, complaints, visit } = await openWindow(world, { colorScheme: "dark" });
  for (const [path, title] of Object.entries(PAGES)) {
    await visit(path);
    await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
    expect(await page.title()).toBe(`${title} · Dragoman`);
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    expect(complaints, path).toEqual([]);
  }
  await context.close();
});

test("all controls have names, and there is one main part and one first heading", async () => {
  const { page, context, visit } = await openWindow(world);
  for (const path of Object.keys(PAGES)) {
    await visit(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.locator("main").count(), path).toBe(1);
    expect(await page.locator("h1").count(), path).toBe(1);
    const nameless = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>("button, a[href], input, select, textarea")]
      .filter((element) => !("labels" in element && ((element as HTMLInputElement).labels?.length ?? 0) > 0) && (element.getAttribute("aria-label") ?? element.getAttribute("aria-labelledby") ?? element.title ?? "") === "" && (element.textContent ?? "").trim() === "")
      .map((element) => element.outerHTML.slice(0, 160)));
    expect(nameless, path).toEqual([]);
  }
  await context.close();
});

test("pages, search, help and the palette are reached by keys", async () => {
  const { page, context, visit } = await openWindow(world);
  await visit("/");
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.className")).toBe("skip-link");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.waitForURL("**/admin/live");
  await page.getByRole("searchbox").waitFor();
  await page.keyboard.press("/");
  expect(await page.evaluate("document.activeElement.type")).toBe("search");
  await page.keyboard.type("gu");
  expect(await page.getByRole("searchbox").inputValue()).toBe("gu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("settings");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/admin/settings");
  await context.close();
});

test("appearance and language are kept", async () => {
  const { page, context, visit } = await openWindow(world, { colorScheme: "light" });
  await visit("/settings");
  await page.getByRole("radio", { name: "Dark" }).click();
  await page.getByRole("radio", { name: "中" }).click();
  await page.getByRole("heading", { level: 1, name: "设置" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "设置" }).waitFor();
  expect(await page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme].join()")).toBe("zh-CN,dark");
  await page.getByRole("link", { name: "概览" }).click();
  await page.getByRole("heading", { level: 1, name: "概览" }).waitFor();
  await context.close();
});

test("a browser that speaks Chinese is greeted in Chinese", async () => {
  const { page, context, visit } = await openWindow(world, { signedIn: false, locale: "zh-CN" });
  await visit("/");
  await page.getByRole("heading", { level: 1, name: "登录" }).waitFor();
  await context.close();
});

test("on a phone the navigation is a drawer", async () => {
  const { page, context, visit } = await openWindow(world, { viewport: { width: 390, height: 800 }, hasTouch: true });
  await visit("/");
  await page.getByRole("button", { name: "Open navigation" }).click();
  await page.getByRole("link", { name: "Live" }).click();
  await page.waitForURL("**/admin/live");
  await page.locator(".drawer-shade").waitFor({ state: "detached" });
  await context.close();
});

test("a page that is not there says so", async () => {
  const { page, context, visit } = await openWindow(world);
  await visit("/no-such-page");
  await page.getByText("There is no such page").waitFor();
  await context.close();
});
