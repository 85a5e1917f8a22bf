// The program as people run it: real process, real port, a browser that is a script, a vendor behind TLS.
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeHome, runCommand, startServer, waitFor, type Home } from "../kit/program.ts";
import { startIssuer, type Issuer } from "./kit/issuer.ts";
import { behindTls, fakeBrowser, startTyping } from "./kit/terminal.ts";

// Each test starts the program a few times.
setDefaultTimeout(60_000);

/** As registered; ours listens elsewhere, so that nothing of this machine is in the way. */
const CLIENT_ID = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
const FILE = "claude-me@example.com.json";

let home: Home;
const open: { close(): Promise<unknown> }[] = [];
beforeEach(() => { home = makeHome(); });
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  home.remove();
});

/** A vendor whose page agrees at once, or refuses. `port`: where it sends the browser in place of the registered one. */
function startVendor({ port, refuses = false }: { readonly port?: number; readonly refuses?: boolean } = {}): Issuer {
  const issuer = startIssuer({
    clientId: CLIENT_ID, body: "json", pkce: true, lifetimeSeconds: 8 * 3600, redirectUri: "http://localhost:54545/callback",
    extra: () => ({ account: { uuid: "account-1", email_address: "me@example.com" } }),
    other(request, self) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/profile") return Response.json({ account: { uuid: "account-1", email: "me@example.com" } });
      if (pathname !== "/authorize") return undefined;
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      if (port !== undefined) back.port = String(port);
      back.searchParams.set("state", searchParams.get("state") ?? "");
      if (refuses) back.searchParams.set("error", "access_denied");
      else back.searchParams.set("code", self.code(searchParams.get("code_challenge") ?? ""));
      return Response.redirect(back.href, 302);
    },
  });
  open.push(issuer);
  return issuer;
}

function configure(origin: string, more = ""): string {
  return home.write("config.yaml", `# kept\ndiscovery: { environment: false, local: false }\nlogging-to-file: false\nauth-dir: ${home.directory}/auth # mine\naccounts:\n  kinds:\n    claude:\n      endpoints: { authorize: "${origin}/authorize", token: "${origin}/token", profile: "${origin}/profile" }\n${more}`);
}

const stored = (): Record<string, unknown> => JSON.parse(readFileSync(join(home.directory, "auth", FILE), "utf8")) as Record<string, unknown>;
const authFiles = (): string[] => (existsSync(join(home.directory, "auth")) ? readdirSync(join(home.directory, "auth")).filter((name) => name.endsWith(".json")) : []);
/** The browser may be a moment behind the program. */
const pageOf = ({ page }: { readonly page: string }): Promise<string> => waitFor(() => (existsSync(page) ? readFileSync(page, "utf8") : undefined));
const config = (): string => readFileSync(join(home.directory, "config.yaml"), "utf8");

describe("dragoman login", () => {
  test("opens a browser, takes what comes back, over TLS; a running server notices", async () => {
    const vendor = startVendor({ port: 25_181 });
    const tls = behindTls(home, vendor.origin);
    open.push(tls);
    configure(tls.origin);
    const browser = fakeBrowser(home);
    const environment = { ...browser.environment, NODE_EXTRA_CA_CERTS: tls.certificate };
    const server = await startServer(home, ["serve"], environment);
    open.push({ close: () => server.stop() });
    const models = async (): Promise<string> => (await fetch(`${server.origin}/v1/models`)).text();
    expect(await models()).not.toContain("claude");

    const { code, stdout, stderr } = await runCommand(home, ["login", "claude", "--yes", "--oauth-callback-port", "25181"], environment);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/logged in me@example\.com \(Claude subscription\), stored as claude-me@example\.com\.json/)]);
    expect(stderr).toContain("Anthropic sells subscriptions");
    for (const word of ["access-token", "refresh-token", "\u001b"]) expect(stdout + stderr).not.toContain(word);
    expect(stored()).toMatchObject({ type: "claude", email: "me@example.com", access_token: "access-token-1-of-tests" });
    expect(statSync(join(home.directory, "auth", FILE)).mode & 0o777).toBe(0o600);
    expect(statSync(join(home.directory, "auth")).mode & 0o777).toBe(0o700);
    expect(config()).toMatch(/^# kept\n[^]*# mine\n[^]*subscriptions:\s+(?:\[ ?|- )claude/);
    expect(await pageOf(browser)).toMatch(/^200\n[^]*It is done/);
    for (const until = performance.now() + 15_000; !(await models()).includes("claude") && performance.now() < until;) await Bun.sleep(30);
    expect(await models()).toContain("claude-sonnet-4-5");
  });

  test("nobody agreed to the terms: nothing is begun, nothing is written", async () => {
    configure("http://127.0.0.1:9");
    const before = config();
    const { code, stderr } = await runCommand(home, ["login", "claude"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--yes")]);
    expect(stderr).toContain("Anthropic sells subscriptions");
    expect([config(), authFiles()]).toEqual([before, []]);
  });

  test("the address that the browser was sent to is pasted; what does not fit is said", async () => {
    const vendor = startVendor();
    configure(vendor.origin);
    const run = startTyping(home, ["--claude-login", "--yes", "--paste"]);
    const [, url = ""] = await run.says(/^ {2}(http\S+)$/m);
    const back = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
    run.type("");
    run.type("what is this");
    await run.says(/no address with a code/);
    run.type(back.href.replace(/state=\w+/, "state=another"));
    await run.says(/another login/);
    run.type(`${back.searchParams.get("code")}#${back.searchParams.get("state")}`);
    expect(await run.ended).toBe(0);
    expect(stored()).toMatchObject({ email: "me@example.com" });
  });

  test("without a browser: the address, and how to forward the port", async () => {
    const vendor = startVendor({ port: 25_182 });
    configure(vendor.origin);
    const run = startTyping(home, ["-claude-login", "-no-browser", "--yes", "-oauth-callback-port=25182"]);
    await run.says(/ssh -L 54545:127\.0\.0\.1:25182/);
    const [, url = ""] = await run.says(/^ {2}(http\S+)$/m);
    expect((await fetch(url)).status).toBe(200);
    expect(await run.ended).toBe(0);
  });

  test("a refusal at the vendor's page", async () => {
    const vendor = startVendor({ port: 25_183, refuses: true });
    configure(vendor.origin);
    const browser = fakeBrowser(home);
    const { code, stderr } = await runCommand(home, ["login", "claude", "--yes", "--oauth-callback-port", "25183"], browser.environment);
    expect([code, stderr]).toEqual([1, expect.stringContaining("access_denied")]);
    expect(authFiles()).toEqual([]);
    expect(await pageOf(browser)).toMatch(/^400\n/);
  });

  test("a port that is taken is named, with code 13", async () => {
    const other = Bun.serve({ port: 25_184, hostname: "127.0.0.1", fetch: () => new Response() });
    configure("http://127.0.0.1:9");
    const { code, stderr } = await runCommand(home, ["login", "claude", "--yes", "--oauth-callback-port", "25184"]);
    expect([code, stderr]).toEqual([13, expect.stringContaining("port 25184 is taken")]);
    await other.stop(true);
  });

  test("Ctrl-C gives it up", async () => {
    configure(startVendor().origin);
    const run = startTyping(home, ["login", "claude", "--yes", "--no-browser", "--oauth-callback-port", "25185"]);
    await run.says(/ssh -L/);
    run.signal("SIGINT");
    expect([await run.ended, run.said()]).toEqual([130, expect.stringContaining("nothing was stored")]);
    expect(authFiles()).toEqual([]);
  });

  test("a secret from standard input", async () => {
    configure("http://127.0.0.1:9");
    const run = startTyping(home, ["login", "claude", "--secret", "--yes", "--json"]);
    run.type("sk-ant-oat01-of-tests");
    run.end();
    expect(await run.ended).toBe(0);
    expect(JSON.parse(run.said().split("\n").find((line) => line.startsWith("{")) ?? "")).toMatchObject({ event: "saved", kind: "claude" });
    expect(authFiles()).toHaveLength(1);
  });

  test("a code for a device, as JSON lines", async () => {
    const issuer = startIssuer({
      clientId: "device-client", body: "form",
      other: async (request, self) => {
        if (new URL(request.url).pathname === "/device") return Response.json({ device_code: "d", user_code: "ABCD-1234", verification_uri: "https://vendor.example/device", verification_uri_complete: "https://vendor.example/device?code=ABCD-1234", expires_in: 600, interval: 1 });
        return new URLSearchParams(await request.text()).get("device_code") === "d" ? Response.json({ access_token: self.issue().accessToken, refresh_token: "r", expires_in: 900 }) : undefined;
      },
    });
    open.push(issuer);
    home.write("config.yaml", `auth-dir: ${home.directory}/auth\naccounts:\n  subscriptions: true\n  kinds: { kimi: { client-id: device-client, endpoints: { device: "${issuer.origin}/device", token: "${issuer.tokenUrl}" } } }\n`);
    const { code, stdout } = await runCommand(home, ["login", "kimi", "--json", "--no-browser"]);
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([code, lines[0], lines.at(-1)]).toMatchObject([0, { event: "begun", kind: "kimi", userCode: "ABCD-1234", url: "https://vendor.example/device?code=ABCD-1234", expiresInSeconds: 600 }, { event: "saved", kind: "kimi" }]);
    expect(authFiles()).toHaveLength(1);
  });
});

test("a service account's key file, as CLIProxyAPI imports it", async () => {
  home.write("config.yaml", `auth-dir: ${home.directory}/auth\n`);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { type: "service_account", project_id: "my-project", client_email: "sa@my-project.example.com", private_key: privateKey.export({ type: "pkcs8", format: "pem" }), token_uri: "http://127.0.0.1:9/token" };
  home.write("key.json", JSON.stringify(key));
  const { code, stdout } = await runCommand(home, ["--vertex-import", "key.json", "-vertex-import-prefix", "team"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("stored as vertex-team-my-project.json")]);
  expect(JSON.parse(readFileSync(join(home.directory, "auth/vertex-team-my-project.json"), "utf8"))).toMatchObject({ type: "vertex", project_id: "my-project", prefix: "team" });
  expect((await runCommand(home, ["login", "vertex", "--file", "no-such.json"])).code).toBe(2);
});

describe("a setting that is not shipped", () => {
  const secret = "secretOfTheScriptedProgram";

  test("is named with where to find it", async () => {
    home.write("config.yaml", "accounts: { subscriptions: true }\n");
    const { code, stderr } = await runCommand(home, ["login", "iflow"], { PATH: onlyNode() });
    expect([code, stderr]).toEqual([2, expect.stringContaining("accounts.kinds.iflow.client-secret")]);
  });

  test("is read from the vendor's own program, when the person agrees", async () => {
    const bin = join(home.directory, "prefix/bin");
    const program = join(home.directory, "prefix/lib/node_modules/@iflow-ai/iflow-cli");
    for (const directory of [bin, join(program, "dist")]) mkdirSync(directory, { recursive: true });
    writeFileSync(join(program, "package.json"), "{}");
    writeFileSync(join(program, "dist/auth.js"), `const CLIENT="10009311001",SECRET="${secret}";`);
    home.write("config.yaml", "# kept\naccounts: { subscriptions: true }\n");
    const environment = { PATH: `${bin}:${onlyNode()}` };
    const refused = await runCommand(home, ["login", "iflow"], environment);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    expect(config()).not.toContain(secret);
    const run = startTyping(home, ["login", "iflow", "--yes", "--paste"], environment);
    await run.says(/^ {2}(http\S+)$/m);
    run.signal("SIGINT");
    await run.ended;
    expect(config()).toMatch(new RegExp(`^# kept\n[^]*client-secret: ${secret}`));
    expect(run.said()).not.toContain(secret);
  });
});

test("login --list: kinds, ways, terms, state", async () => {
  home.write("config.yaml", `auth-dir: ${home.directory}/auth\n`);
  mkdirSync(join(home.directory, "auth"));
  writeFileSync(join(home.directory, "auth/a.json"), '{"type":"claude"}');
  const { code, stdout } = await runCommand(home, ["login", "--list", "--json"]);
  const kinds = JSON.parse(stdout) as Record<string, unknown>[];
  expect([code, kinds.find(({ name }) => name === "claude")]).toMatchObject([0, { title: "Claude subscription", ways: ["browser", "secret"], terms: expect.stringContaining("Anthropic"), state: "not-allowed", accounts: 1 }]);
  expect(kinds.find(({ name }) => name === "iflow")).toMatchObject({ state: "not-configured", missing: expect.stringContaining("accounts.kinds.iflow.client-secret") });
  const text = await runCommand(home, ["login"]);
  expect([text.code, text.stdout]).toEqual([0, expect.stringContaining("Claude subscription")]);
  const wrong = await runCommand(home, ["login", "cloude"]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean "claude"?')]);
});

/** A PATH on which there is nothing but Node. */
function onlyNode(): string {
  const directory = join(home.directory, "node");
  mkdirSync(directory, { recursive: true });
  const link = join(directory, "node");
  if (!existsSync(link)) writeFileSync(link, `#!/bin/sh\nexec ${process.env.NODE ?? Bun.which("node")} "$@"\n`, { mode: 0o755 });
  return directory;
}
