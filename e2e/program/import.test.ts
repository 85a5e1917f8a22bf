// Another gateway's settings become a file of ours, and its users keep their keys.
import { Database } from "bun:sqlite";
import { createHash } from "node:crypto";
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ask, wholeText } from "../kit/calls.ts";
import { makeHome, runCommand, startServer, type Home } from "../kit/program.ts";
import { BACKEND_KEY, startBackend } from "../drop-in/old-env-world.ts";

const backend = startBackend(() => ({ text: "still here", usage: { input: 30, output: 70 } }));
afterAll(() => backend.close());

let home: Home;
afterEach(() => home.remove());

const inHome = (name: string): string => join(home.directory, name);
const read = (name: string): string => readFileSync(inHome(name), "utf8");

const KEYS = ["sk-" + "a1".repeat(32), "sk-" + "b2".repeat(32)];

/** As infiniproxy leaves it: two users, an active key, one that was switched off, and what they used. */
function writeDatabase(path: string): void {
  const database = new Database(path);
  database.run("CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT UNIQUE NOT NULL, email TEXT, created_at TEXT NOT NULL, is_active INTEGER DEFAULT 1)");
  database.run("CREATE TABLE api_keys (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, key_hash TEXT UNIQUE NOT NULL, key_prefix TEXT NOT NULL, name TEXT, created_at TEXT NOT NULL, last_used_at TEXT, is_active INTEGER DEFAULT 1, model_name TEXT)");
  database.run("CREATE TABLE usage_records (id INTEGER PRIMARY KEY AUTOINCREMENT, api_key_id INTEGER NOT NULL, endpoint TEXT NOT NULL, model TEXT, input_tokens INTEGER DEFAULT 0, output_tokens INTEGER DEFAULT 0, total_tokens INTEGER DEFAULT 0, request_id TEXT, timestamp TEXT NOT NULL)");
  const at = "2025-10-22T08:15:00.123456";
  database.run("INSERT INTO users (username, email, created_at) VALUES ('alice', 'alice@example.com', ?), ('bob', NULL, ?)", [at, at]);
  KEYS.forEach((key, index) => database.run("INSERT INTO api_keys (user_id, key_hash, key_prefix, name, created_at, is_active) VALUES (?, ?, ?, 'Default Key', ?, ?)", [index + 1, createHash("sha256").update(key).digest("hex"), key.slice(0, 12), at, index === 0 ? 1 : 0]));
  database.run("UPDATE api_keys SET model_name = 'glm-4.5' WHERE id = 2");
  for (const [endpoint, input, output] of [["/v1/messages", 100, 20], ["/v1/chat/completions", 1, 2]] as const) {
    database.run("INSERT INTO usage_records (api_key_id, endpoint, model, input_tokens, output_tokens, total_tokens, timestamp) VALUES (1, ?, 'glm-4.6', ?, ?, ?, ?)", [endpoint, input, output, input + output, at]);
  }
  database.close();
}

describe("infiniproxy", () => {
  test("settings, users, keys and usage; the keys open what they opened", async () => {
    home = makeHome();
    home.write(".env", `OPENAI_BASE_URL=${backend.origin}/v1/chat/completions\nOPENAI_API_KEY=${BACKEND_KEY}\nOPENAI_MODEL=glm-4.6\nMAX_OUTPUT_TOKENS=4096\nADMIN_PASSWORD=changeme\n`);
    writeDatabase(inHome("proxy_users.db"));
    const imported = await runCommand(home, ["import", "infiniproxy", ".env", "--database", "proxy_users.db", "--json"]);
    expect([imported.code, imported.stderr]).toEqual([0, ""]);
    expect(JSON.parse(imported.stdout)).toEqual({
      system: "infiniproxy", output: inHome("config.yaml"), written: true, database: { users: 2, keys: 2, usage: 2, known: 0 },
      notes: expect.arrayContaining([expect.objectContaining({ path: "ADMIN_PASSWORD" })]),
    });
    const text = read("config.yaml");
    expect(statSync(inHome("config.yaml")).mode & 0o777).toBe(0o600);
    expect(text).toContain("api-key: ${OPENAI_API_KEY}");
    expect(text).toContain('"*": backend://glm-4.6');
    expect(text).toContain("max-output-tokens: 4096");
    expect(text).toMatch(/^# Imported from .*\.env\.\n# ADMIN_PASSWORD: /);
    expect(text + imported.stdout).not.toContain(BACKEND_KEY);

    expect(await runCommand(home, ["import", "infiniproxy", ".env"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
    const again = await runCommand(home, ["import", "infiniproxy", "--database", "proxy_users.db", "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ written: false, database: { users: 0, keys: 0, known: 4 } });

    const server = await startServer(home, ["serve"]);
    const [good = "", ended = ""] = KEYS;
    for (let call = 0; call < 2; call++) expect(wholeText("anthropic-messages", await (await ask(server.origin, "anthropic-messages", { model: "claude-3-5-sonnet-20241022", key: good })).json())).toBe("still here");
    for (const key of [ended, "", createHash("sha256").update(good).digest("hex")]) expect((await ask(server.origin, "openai-chat", { model: "glm-4.6", key })).status).toBe(401);
    await server.stop();

    const store = new Database(inHome("data/dragoman.db"), { readonly: true });
    expect(store.query("SELECT username, email, active, created_at FROM users ORDER BY id").all() as object[]).toEqual([
      { username: "alice", email: "alice@example.com", active: 1, created_at: Date.parse("2025-10-22T08:15:00.123Z") }, { username: "bob", email: null, active: 1, created_at: Date.parse("2025-10-22T08:15:00.123Z") },
    ]);
    expect((store.query("SELECT model FROM client_keys ORDER BY id").all() as { model: string | null }[]).map(({ model }) => model)).toEqual([null, "glm-4.5"]);
    const hashes = (store.query("SELECT hash FROM client_keys ORDER BY id").all() as { hash: string }[]).map(({ hash }) => hash);
    // Once shown, they are kept as our own keys are.
    expect(hashes.filter((hash) => !/^[0-9a-f]{64}$/.test(hash) || KEYS.some((key) => hash === createHash("sha256").update(key).digest("hex")))).toEqual([]);
    store.close();
  }, 60_000);
});

describe("other systems", () => {
  test("claude_proxy: values of a file that nobody reads by itself are written into ours", async () => {
    home = makeHome();
    home.write("wrangler.toml", 'name = "claude-proxy"\nmain = "src/index.ts"\n\n[vars]\nHAIKU_MODEL_NAME = "gpt-4o-mini"\nHAIKU_BASE_URL = "https://api.example.com/v1"\nHAIKU_API_KEY = "sk-of-the-vars"\n');
    const dry = await runCommand(home, ["import", "claude-proxy", "wrangler.toml", "--dry-run"]);
    expect([dry.code, existsSync(inHome("config.yaml"))]).toEqual([0, false]);
    expect(dry.stdout).not.toContain("sk-of-the-vars");
    expect(dry.stdout).toContain("would write");
    expect((await runCommand(home, ["import", "claude-proxy", "wrangler.toml", "--output", "new/our.yaml"])).code).toBe(0);
    expect(read("new/our.yaml")).toContain("api-key: sk-of-the-vars");
    expect(statSync(inHome("new/our.yaml")).mode & 0o777).toBe(0o600);
    expect(statSync(inHome("new")).mode & 0o777).toBe(0o700);
  }, 60_000);

  test("CLIProxyAPI: its file as it is, with its logins", async () => {
    home = makeHome();
    const text = '# mine\nport: 8318 # ours\nclaude-api-key:\n  - api-key: "sk-ant-one"\n';
    home.write("cli.yaml", text);
    const { code, stderr } = await runCommand(home, ["import", "cliproxyapi", "cli.yaml"]);
    expect([code, read("config.yaml")]).toEqual([0, `${text}\n# Logins of CLIProxyAPI.\nauth-dir: "~/.cli-proxy-api"\n`]);
    expect(stderr).toContain("host");
  }, 60_000);
});
