// Who comes from another gateway types what these pages say. So do these tests: the real program, before scripted vendors.
import { afterAll, expect, test } from "bun:test";
import { createSimulator, SIMULATED } from "@dragoman/gateway/testing";
import { startFactoryApi } from "../accounts/kit/factory-api.ts";
import { listen, type Listening } from "../kit/running.ts";
import { movingPages } from "./markdown.ts";
import { makeSite, stepsOf, walk, write, type Site } from "./walk.ts";

/** Scripted vendors, each strict about what it is asked. */
const vendors = new Map<string, Listening>(SIMULATED.map(({ dialect, vendor }) => {
  const simulator = createSimulator(dialect, vendor, ({ prompt }) => ({ text: `You said: ${prompt}`, usage: { input: 12, output: 5 } }));
  return [dialect.id, listen((request) => simulator.fetch(request))];
}));
const factory = startFactoryApi(new Set(["fk-your-key", "fk-your-api-key-1", "fk-your-api-key-2"]));
afterAll(() => Promise.all([...vendors.values(), factory].map((vendor) => vendor.close())));

function vendorOf(dialect: string): string {
  const vendor = vendors.get(dialect);
  if (vendor === undefined) throw new Error(`there is no vendor for ${dialect}`);
  return vendor.origin;
}

/** What a page takes for granted: the port it writes, and who answers in place of the vendors that it names. */
const SITES: Readonly<Record<string, () => Promise<Site>>> = {
  "docs/moving-from/cliproxyapi.md": () => makeSite(8317, {
    "https://openrouter.ai/api/v1": `${vendorOf("openai-chat")}/v1`,
    "https://api.anthropic.com": vendorOf("anthropic-messages"),
  }),
  "docs/moving-from/claude-proxy.md": () => makeSite(8787, {
    "https://api.your-provider.com/v1": `${vendorOf("openai-chat")}/v1`,
    "/https/api.groq.com/openai/v1/": `/http/${new URL(vendorOf("openai-chat")).host}/v1/`,
    "hosts: [\"api.groq.com\"": `private-hosts: ["${new URL(vendorOf("openai-chat")).host}"]\n  hosts: ["api.groq.com"`,
  }),
  "docs/moving-from/droid2api.md": () => makeSite(3000, { "https://app.factory.ai": factory.origin }),
  "docs/moving-from/factory-proxy.md": async () => {
    const site = await makeSite(8001, {});
    // There is no address among its settings, and beside a file the port is no more its own.
    write(site, "config.yaml", `port: ${site.port}\naccounts: { kinds: { factory: { base-url: "${factory.origin}" } } }\n`);
    return site;
  },
  "docs/moving-from/infiniproxy.md": () => makeSite(8000, { "https://cloud.infini-ai.com/maas/v1": `${vendorOf("openai-chat")}/v1` }),
};

test("every page with something to type is walked", () => {
  expect(movingPages().filter((page) => stepsOf(page).length > 0).toSorted()).toEqual(Object.keys(SITES).toSorted());
});

test.each(Object.entries(SITES))("%s does what it says", async (page, site) => {
  await walk(page, await site());
});
