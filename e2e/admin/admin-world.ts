import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "../kit/browser.ts";
import { makeHome, startServer, type Home, type RunningProgram } from "../kit/program.ts";

export const MANAGEMENT_KEY = "a management key for the browser";

/** The program as people start it, with scripted models, and a browser that looks at its page. */
export interface AdminWorld {
  readonly program: RunningProgram;
  readonly home: Home;
  readonly browser: Browser;
  close(): Promise<void>;
}

export async function openAdminWorld({ config = `remote-management:\n  secret-key: "${MANAGEMENT_KEY}"\n` }: { readonly config?: string } = {}): Promise<AdminWorld> {
  const home = makeHome();
  home.write("config.yaml", `host: "127.0.0.1"\nlogging-to-file: true\ndiscovery: { environment: false, local: false }\n${config}`);
  const [program, browser] = await Promise.all([startServer(home, ["demo"]), openBrowser()]);
  return {
    program,
    home,
    browser,
    async close() {
      await browser.close();
      await program.stop();
      home.remove();
    },
  };
}

/** A window of its own: cookies, preferences and what its console said. */
export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings of the console, and violations of the content security policy. */
  readonly complaints: string[];
  visit(path: string): Promise<void>;
}

export async function openWindow({ browser, program }: AdminWorld, options: BrowserContextOptions & { readonly signedIn?: boolean } = {}): Promise<Window> {
  const { signedIn = true, ...rest } = options;
  const context = await browser.newContext({ baseURL: program.origin, locale: "en-GB", ...rest });
  const complaints: string[] = [];
  if (signedIn) {
    const answer = await context.request.post("/v0/management/session", { data: { key: MANAGEMENT_KEY }, headers: { "x-dragoman-session": "1" } });
    if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { context, page, complaints, visit: async (path) => void (await page.goto(`/admin${path}`)) };
}
