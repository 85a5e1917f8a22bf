// Every page in a real Chromium before an office in memory: it opens, obeys the content security policy, and does what it says.
import { configJsonSchema } from "@dragoman/gateway";
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { buildAdmin, type BuiltFile } from "../../packages/admin/build.ts";
import { serveFakeOffice, type ServedFakeOffice } from "../../packages/admin/src/testing/serve-fake-office.ts";
import { openBrowser } from "../kit/browser.ts";

setDefaultTimeout(60_000);

const schema = configJsonSchema({ annotated: true });
let browser: Browser;
let files: readonly BuiltFile[];

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly served: ServedFakeOffice;
  /** What the browser complained about. */
  readonly complaints: string[];
  go(path: string): Promise<void>;
}

const open: Opened[] = [];

async function openPage(language: "en" | "zh" = "en", size: { width: number; height: number } = { width: 1280, height: 860 }): Promise<Opened> {
  const served = await serveFakeOffice({ configSchema: schema, files });
  const context = await browser.newContext({ locale: "en-GB", viewport: size, acceptDownloads: true });
  await context.addInitScript((name) => localStorage.setItem("dragoman.language", name), language);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const opened: Opened = {
    page, context, served, complaints,
    async go(path) {
      await page.goto(`${served.url}/admin${path}`);
      await page.locator("h1").waitFor();
    },
  };
  open.push(opened);
  return opened;
}

beforeAll(async () => {
  [browser, files] = await Promise.all([openBrowser(), buildAdmin()]);
});
afterAll(async () => browser.close());
beforeEach(async () => {
  for (const { context, served } of open.splice(0)) {
    await context.close();
    served.close();
  }
});

const PAGES: readonly (readonly [path: string, english: string, chinese: string, content: string])[] = [
  ["/usage", "Usage", "用量", "claude-sonnet-4-5"],
  ["/usage?view=attempts", "Usage", "用量", "docs-team"],
  ["/access", "Users & keys", "用户与密钥", "notebooks"],
  ["/access?view=users", "Users & keys", "用户与密钥", "build-bot"],
  ["/providers", "Providers", "供应商", "openrouter"],
  ["/accounts", "Accounts", "账号", "claude-team@example.com.json"],
  ["/models", "Models", "模型", "gemini-2.5-pro"],
  ["/playground", "Playground", "试验场", "gpt-5"],
  ["/connect", "Connect", "接入", "Claude Code"],
  ["/config", "Configuration", "配置", "request-retry"],
  ["/logs", "Logs", "日志", "request.completed"],
  ["/logs?view=requests", "Logs", "日志", "error-v1-messages"],
  ["/audit", "Audit", "审计", "config.yaml"],
];

/** Through three windows at a time, since pages wait more than they work. */
async function spread<Item>(items: readonly Item[], opens: () => Promise<Opened>, look: (opened: Opened, item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(Array.from({ length: 3 }, async () => {
    const opened = await opens();
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await look(opened, item);
  }));
}

describe.each(["en", "zh"] as const)("in %s", (language) => {
  test("every page opens, and the browser has nothing to say against it", async () => {
    await spread(PAGES, () => openPage(language), async ({ page, go, complaints }, [path, english, chinese, content]) => {
      await go(path);
      expect(await page.locator("h1").innerText()).toBe(language === "en" ? english : chinese);
      expect(await page.title()).toBe(`${language === "en" ? english : chinese} · Dragoman`);
      // Suggestions of a field are never visible.
      await page.getByText(content).or(page.locator(`option[value="${content}"]`)).first().waitFor({ state: "attached" });
      expect({ path, complaints }).toEqual({ path, complaints: [] });
    });
  });

  test("on a phone nothing is wider than the screen", async () => {
    await spread(PAGES, () => openPage(language, { width: 390, height: 844 }), async ({ page, go }, [path]) => {
      await go(path);
      await page.waitForLoadState("networkidle").catch(() => undefined);
      expect({ path, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({ path, width: 390 });
    });
  });
});

describe("accounts", () => {
  test("a login is begun, its address handed over, and its end told", async () => {
    const { page, go } = await openPage();
    await go("/accounts");
    await page.getByRole("button", { name: "Log in" }).first().click();
    await page.getByRole("button", { name: "ChatGPT subscription" }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    expect(await page.getByRole("link", { name: "Open the vendor's page" }).getAttribute("href")).toStartWith("https://login.example.com/");
    await page.getByLabel("Address after the login").fill("http://localhost:1455/auth/callback?code=x&state=y");
    await page.getByRole("button", { name: "Hand it over" }).click();
    await page.getByText("new@example.com is logged in").waitFor();
  });

  test("consent is asked for a kind that has none yet, and given to that kind alone", async () => {
    const { page, go, served } = await openPage();
    await go("/accounts?login=1");
    await page.getByRole("button", { name: "ChatGPT subscription" }).click();
    await page.getByRole("combobox", { name: "Log in" }).waitFor();
    expect(await page.getByRole("switch", { name: /vendor's terms/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("button", { name: "Factory" }).click();
    expect(await page.getByRole("button", { name: "Go on" }).isDisabled()).toBe(true);
    await page.getByRole("switch", { name: /vendor's terms/ }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("WDJB-MJHT").waitFor();
    expect(await (await fetch(`${served.url}/v0/management/config.yaml`)).text()).toMatch(/subscriptions:\s+- claude\s+- codex\s+- factory\s/);
    await go("/accounts?login=1");
    await page.getByRole("button", { name: "Factory" }).click();
    await page.getByRole("combobox", { name: "Log in" }).waitFor();
    expect(await page.getByRole("switch", { name: /vendor's terms/ }).count()).toBe(0);
  });

  test("files are stored from this computer, and saved to it", async () => {
    const { page, go } = await openPage();
    await go("/accounts");
    await page.getByLabel("Upload files").setInputFiles([1, 2].map((number) => ({ name: `claude-${number}.json`, mimeType: "application/json", buffer: Buffer.from(JSON.stringify({ type: "claude" })) })));
    await page.getByText("2 stored").waitFor();
    await page.getByRole("button", { name: "Actions for second@example.com" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Download its file" }).click()]);
    expect(download.suggestedFilename()).toBe("claude-second@example.com.json");
  });

  test("each says how it stands, and is switched, freed and removed", async () => {
    const { page, go } = await openPage();
    await go("/accounts");
    await page.getByText("Log in again with").waitFor();
    await page.getByRole("button", { name: "Clear pauses" }).click();
    await page.getByText("Pauses cleared").waitFor();
    await page.getByText("rate-limited").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Actions for second@example.com" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("claude-second@example.com.json").waitFor({ state: "detached" });
  });
});

describe("usage", () => {
  test("filters and grouping stand in the address and survive a reload", async () => {
    const { page, go } = await openPage();
    await go("/usage");
    await page.getByLabel("Group by").selectOption("user");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByRole("checkbox", { name: "gpt-5-mini" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("radio", { name: "Tokens" }).click();
    await page.reload();
    expect(new URL(page.url()).search).toBe("?group=user&model=gpt-5-mini&metric=tokens");
    await page.getByRole("table").getByText("research").waitFor();
    expect(await page.getByLabel("Group by").inputValue()).toBe("user");
    await page.locator(".chip").getByText("gpt-5-mini").waitFor();
  });

  test("a row leads to its attempts, an attempt to all that is on record", async () => {
    const { page, go } = await openPage();
    await go("/usage?range=all");
    await page.getByRole("row", { name: /^qwen3:8b/ }).click();
    await page.getByRole("tab", { name: "Attempts", selected: true }).waitFor();
    expect(new URL(page.url()).searchParams.get("model")).toBe("qwen3:8b");
    await page.getByRole("row", { name: /qwen3:8b/ }).first().press("Enter");
    const sheet = page.getByRole("dialog");
    await sheet.getByText("Credential index").waitFor();
    // No price is known: that is not nothing.
    await sheet.getByText("unknown").waitFor();
    await page.reload();
    await page.getByRole("dialog").waitFor();
  });

  test("CSV is a link that downloads what the filters say", async () => {
    const { page, go, served } = await openPage();
    await go("/usage?group=provider&model=gpt-5");
    const href = await page.getByRole("link", { name: "Sums as CSV" }).getAttribute("href");
    expect(href).toContain("/v0/management/usage/summary.csv?");
    const text = await (await fetch(served.url + href)).text();
    expect(text.split("\r\n")[1]).toStartWith('"openai"');
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Sums as CSV" }).click();
    expect((await download).suggestedFilename()).toBe("usage.csv");
  });
});

describe("users and keys", () => {
  test("a new key is shown once, with settings of a client", async () => {
    const { page, go, complaints } = await openPage();
    await go("/access");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name").fill("nightly");
    await page.getByRole("dialog").getByLabel("User", { exact: true }).selectOption({ label: "build-bot" });
    await page.getByRole("button", { name: "Add a budget" }).click();
    await page.getByLabel("Dollars").fill("12");
    await page.getByRole("button", { name: "Create key" }).click();
    const secret = await page.getByTestId("secret").innerText();
    expect(secret).toStartWith("dgm_");
    await page.getByLabel("Client").selectOption("codex");
    await page.getByText(`export DRAGOMAN_KEY=${secret}`).waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByTestId("secret").count()).toBe(1);
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("row", { name: /nightly/ }).getByText("build-bot").waitFor();
    expect(await page.content()).not.toContain(secret);
    expect(complaints).toEqual([]);
  });

  test("edit, disable, rotate and delete", async () => {
    const { page, go } = await openPage();
    await go("/access?key=2");
    await page.getByRole("dialog").getByText("71%").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Name").fill("evaluation runs");
    await page.getByLabel("Stand-in model").fill(" gpt-5 ");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("row", { name: /evaluation runs/ }).waitFor();
    await go("/access?key=2");
    const details = page.getByRole("dialog");
    expect(await details.locator(".facts > div", { hasText: "Stand-in model" }).locator("dd").innerText()).toBe("gpt-5");
    await details.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Stand-in model").clear();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByLabel("Stand-in model").waitFor({ state: "detached" });
    await go("/access?key=2");
    expect(await details.locator(".facts > div", { hasText: "Stand-in model" }).locator("dd").innerText()).toBe("–");
    await go("/access");
    const act = async (name: string): Promise<void> => {
      await page.getByRole("button", { name: "Actions for shared" }).click();
      await page.getByRole("menuitem", { name }).click();
      await page.getByRole("dialog").getByRole("button", { name }).click();
    };
    await act("Disable");
    await page.getByRole("row", { name: /shared/ }).getByText("Disabled").waitFor();
    await act("Rotate");
    await page.getByTestId("secret").waitFor();
    await page.getByRole("button", { name: "I have copied it" }).click();
    await act("Delete");
    await page.getByRole("row", { name: /shared/ }).waitFor({ state: "detached" });
  });

  test("many users at once, and a file with their keys", async () => {
    const { page, go } = await openPage();
    await go("/access?view=users");
    await page.getByRole("button", { name: "Add many" }).click();
    await page.getByRole("textbox", { name: "Users" }).fill("staging,staging@example.com\nresearch\n");
    await page.getByRole("button", { name: "Add them" }).click();
    await page.getByText("1 added, 1 refused").waitFor();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download the keys as CSV" }).click();
    const rows = (await Bun.file(await (await downloading).path()).text()).split("\r\n");
    expect(rows[1]).toMatch(/^staging,staging@example\.com,dgm_\w+,$/);
    expect(rows[2]).toBe("research,,,the name is taken");
  });
});

describe("providers and models", () => {
  test("pauses count down and can be cleared; a test call says what came", async () => {
    const { page, go } = await openPage();
    await go("/providers");
    await page.getByText(/2:0\d:\d\d left/).waitFor();
    await page.getByRole("button", { name: "Clear pauses of gemini …Zz3u" }).click();
    await page.getByText(/left$/).first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Test openrouter …e41d" }).click();
    await page.getByText("402: Insufficient credits").waitFor();
  });

  test("an upstream is added to the file and removed from it", async () => {
    const { page, go, served } = await openPage();
    await go("/providers");
    await page.getByRole("button", { name: "Add upstream" }).click();
    await page.getByRole("button", { name: /^DeepSeek/ }).click();
    await page.getByLabel("API key", { exact: true }).fill("sk-made-up");
    await page.getByRole("button", { name: "Add it" }).click();
    await page.getByText("DeepSeek was added").waitFor();
    const text = async (): Promise<string> => (await fetch(`${served.url}/v0/management/config.yaml`)).text();
    expect(await text()).toMatch(/name: deepseek\n\s+base-url: https:\/\/api\.deepseek\.com\n\s+api-key-entries:\n\s+- api-key: sk-made-up/);
    expect(await text()).toContain("# the main account");
    await page.getByRole("button", { name: "Actions for codex …9TfA" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Removed from the configuration").waitFor();
    expect(await text()).not.toContain("OPENAI_API_KEY");
  });

  test("a model is found and tried in the playground", async () => {
    const { page, go } = await openPage();
    await go("/models");
    await page.getByRole("row", { name: /kimi-k2/ }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("kimi");
    await page.getByRole("row", { name: /gpt-5/ }).first().waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Try it: kimi-k2" }).click();
    expect(await page.getByLabel("Model").inputValue()).toBe("kimi-k2");
  });
});

describe("playground", () => {
  test.each([["openai-chat", "/v1/chat/completions"], ["openai-responses", "/v1/responses"], ["anthropic-messages", "/v1/messages"], ["gemini-generate-content", "/v1beta/models/gpt-5:streamGenerateContent"]])("streams in %s", async (dialect, path) => {
    const { page, go, complaints } = await openPage();
    await go(`/playground?model=gpt-5&dialect=${dialect}`);
    await page.getByLabel("Message").fill("What is a dragoman?");
    await page.getByRole("tab", { name: "As curl" }).click();
    await page.locator("pre").getByText(path).first().waitFor();
    await page.keyboard.press("Tab");
    await page.getByLabel("Message").press("Control+Enter");
    await page.getByText("he knew the customs,").waitFor();
    await page.getByText("Lost in translation: 2").waitFor();
    expect(await page.locator(".markdown strong").innerText()).toBe("interpreter");
    expect(await page.locator(".raw-events li").count()).toBeGreaterThan(30);
    expect(complaints).toEqual([]);
  });

  test("an unknown model is told, and a running reply can be stopped", async () => {
    const { page, go } = await openPage();
    await go("/playground?model=nobody");
    await page.getByLabel("Message").fill("Hello");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("No upstream serves the model nobody.").first().waitFor();
    await page.getByLabel("Model").fill("gpt-5");
    await page.getByLabel("Message").fill("Hello again");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped").waitFor();
  });
});

describe("configuration", () => {
  const FILE = "/v0/management/config.yaml";

  test("the form changes the file after a look at the difference", async () => {
    const { page, go, served, complaints } = await openPage();
    await go("/config");
    await page.getByLabel("Search settings").fill("request-retry");
    await page.getByRole("spinbutton", { name: "request-retry" }).first().fill("5");
    await page.getByRole("button", { name: "Review and save" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 → 5").waitFor();
    // The editor stands in a shadow root, so the policy holds without unsafe-inline; locators see through it.
    await dialog.locator(".cm-merge-b .cm-changedLine").getByText("request-retry: 5").waitFor();
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved and in force").waitFor();
    const text = await (await fetch(served.url + FILE)).text();
    expect(text).toContain("request-retry: 5");
    expect(text).toContain("# the main account");
    expect(complaints).toEqual([]);
  });

  test("the editor completes from the schema, marks mistakes and refuses to save them", async () => {
    const { page, go, complaints } = await openPage();
    await go("/config?mode=yaml");
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Home");
    await page.keyboard.type("disable-coo");
    // Asked for, and taken by the mouse: how soon the list comes by itself, and when Enter belongs to it, is a matter of milliseconds.
    await page.keyboard.press("Control+Space");
    await page.locator(".cm-tooltip-autocomplete").getByText("disable-cooling").click();
    await page.keyboard.type("maybe");
    await page.locator(".cm-lintRange-error").getByText("maybe").or(page.locator(".cm-lintRange-error").filter({ hasText: "disable-cooling" })).first().waitFor();
    await page.getByRole("button", { name: /disable-cooling.*expected boolean/ }).waitFor();
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog").getByText("The file would not be valid.").waitFor();
    expect(await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("somebody else's change is not undone unseen", async () => {
    const { page, go, served } = await openPage();
    await go("/config");
    await page.getByRole("switch", { name: "debug", exact: true }).click();
    const before = await (await fetch(served.url + FILE)).text();
    served.office.writeConfig(before.replace("request-retry: 2", "request-retry: 7"));
    await page.getByRole("button", { name: "Review and save" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.getByText("The file was changed by somebody else meanwhile.").waitFor();
    expect(await (await fetch(served.url + FILE)).text()).not.toContain("debug: true");
    await dialog.getByRole("button", { name: "Load the file anew" }).click();
    await page.getByLabel("Search settings").fill("request-retry");
    expect(await page.getByRole("spinbutton", { name: "request-retry" }).first().inputValue()).toBe("7");
  });
});

describe("connect, logs and audit", () => {
  test("a pasted key goes into the texts and nowhere else", async () => {
    const { page, go } = await openPage();
    await go("/connect?client=curl");
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url() + (request.postData() ?? "")));
    await page.getByLabel("Client key", { exact: true }).fill("dgm_pasted");
    await page.getByText("authorization: Bearer dgm_pasted").waitFor();
    await page.getByLabel("Model").selectOption("gpt-5");
    await page.getByText('"model": "gpt-5"').waitFor();
    expect(addresses.join("\n")).not.toContain("dgm_pasted");
  });

  test("new lines of the log come by themselves; levels and search narrow them", async () => {
    const { page, go } = await openPage();
    await go("/logs");
    await page.getByText("config.read").first().waitFor();
    await page.getByRole("button", { name: "Errors" }).click();
    await page.getByText("config.read").first().waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("level")).toBe("error");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await page.getByText("The log was cleared").waitFor();
  });

  test("the log of a failed request can be read", async () => {
    const { page, go } = await openPage();
    await go("/logs?view=requests");
    await page.getByRole("row", { name: /error-v1-messages/ }).first().click();
    await page.getByRole("dialog").getByText("=== RESPONSE ===").waitFor();
  });

  test("what was done stands in the audit log", async () => {
    const { page, go } = await openPage();
    await go("/providers");
    await page.getByRole("switch", { name: "claude …w7Qx is used" }).click();
    await page.getByText("Switched off").waitFor();
    await go("/audit");
    await page.getByLabel("Action").selectOption("credential.switched");
    await page.getByRole("row", { name: /3f1c0a9be27d5146/ }).click();
    await page.getByRole("dialog").getByText("credential.switched").waitFor();
  });
});
