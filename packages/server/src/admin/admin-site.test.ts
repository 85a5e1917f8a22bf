import { expect, test } from "bun:test";
import { createAdminSite } from "./admin-site.ts";
import { embedAdmin, packFiles, readEmbedded } from "./embedded.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const file = (path: string, text: string): { path: string; content: Uint8Array } => ({ path, content: new TextEncoder().encode(text) });
const logged: string[] = [];
const logger = { log: (_level: unknown, event: string) => void logged.push(event) };
const html = { headers: { accept: "text/html" } };

test("another build is served as soon as it is there", async () => {
  let version = "1";
  const site = createAdminSite({ load: () => Promise.resolve({ version, files: [file("index.html", version)] }), enabled: () => true, logger });
  expect(await (await site(new Request("http://x/admin/")))?.text()).toBe("1");
  version = "2";
  expect(await (await site(new Request("http://x/admin/usage?a=b#c", html)))?.text()).toBe("2");
});

test("paths of others are left alone", () => {
  const site = createAdminSite({ load: () => Promise.reject(new Error("never")), enabled: () => true, logger });
  for (const path of ["/", "/v1/models", "/administrator", "/admin/users", "/admin/users/7?x=/admin/", "/admin/api-keys", "/other?next=/admin/"]) expect(site(new Request(`http://x${path}`, html)), path).toBeUndefined();
  expect(site(new Request("http://x/admin/live")), "no browser").toBeUndefined();
  expect(site(new Request("http://x"))).toBeUndefined();
});

test("a page that cannot be built is told, and tried again", async () => {
  let broken = true;
  const site = createAdminSite({ load: () => (broken ? Promise.reject(new Error("no")) : Promise.resolve({ version: "1", files: [file("index.html", "ok")] })), enabled: () => true, logger });
  expect((await site(new Request("http://x/admin")))?.status).toBe(503);
  expect(logged).toEqual(["admin.unavailable"]);
  broken = false;
  expect((await site(new Request("http://x/admin")))?.status).toBe(200);
});

test("what an executable carries is what was packed", async () => {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-pack-"));
  try {
    const files = [file("index.html", "<p>"), { path: "assets/a.bin", content: new Uint8Array([0, 255, 128]) }];
    writeFileSync(join(directory, "pack"), packFiles(files));
    embedAdmin(join(directory, "pack"));
    expect(await readEmbedded()).toEqual(files);
  } finally {
    embedAdmin(undefined);
    rmSync(directory, { recursive: true });
  }
});
