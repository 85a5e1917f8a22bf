import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "bun:test";
import { makeHome, runCommand, startServer } from "../kit/program.ts";
import { movedClock } from "./kit/account-world.ts";
import { startFactoryApi } from "./kit/factory-api.ts";
import { startWorkos } from "./kit/workos.ts";

const clock = movedClock(Date.now());
const workos = startWorkos(clock);
const api = startFactoryApi(workos.good);
const home = makeHome();
const config = home.write("config.yaml", [
  "api-keys: [k-program-of-tests]", "auth-dir: logins", "discovery: { local: false }",
  "accounts:", "  subscriptions: true", "  kinds:", "    factory:",
  `      base-url: "${api.origin}"`, `      endpoints: { token: "${workos.endpoints.token}" }`, "",
].join("\n"));
afterAll(async () => {
  await Promise.all([api.close(), workos.close()]);
  home.remove();
});

describe("the program", () => {
  test("finds keys of the environment and the login in the home directory", async () => {
    const { accessToken, refreshToken } = workos.issue();
    mkdirSync(join(home.directory, ".factory"));
    const file = join(home.directory, ".factory/auth.json");
    writeFileSync(file, JSON.stringify({ access_token: accessToken, refresh_token: refreshToken, theme: "dark" }));
    workos.good.delete(accessToken);
    const server = await startServer(home, ["serve", "--json", "--config", config]);
    const reply = await fetch(`${server.origin}/v1/messages`, {
      method: "POST", headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", "x-api-key": "k-program-of-tests" },
      body: JSON.stringify({ model: "claude-sonnet-4-5-20250929", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] }),
    });
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining("Good day")]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ theme: "dark", refresh_token: "refresh-token-2-of-tests" });
    expect(await server.line("account.renewed")).toMatchObject({ account: "~/.factory/auth.json", kind: "factory" });
    expect(await server.stop()).toBe(0);
    expect(server.stdout()).not.toContain("refresh-token");
  });

  test("counts them for who asks what is wrong, and keeps nothing of them", async () => {
    const { stdout } = await runCommand(home, ["doctor", "--config", config], { DROID_REFRESH_KEY: "a-refresh-token-of-tests" });
    expect(stdout).toMatch(/accounts +1 of 1 ready/);
    expect(stdout).not.toContain("a-refresh-token-of-tests");
    expect(await Bun.file(join(home.directory, "logins/factory-environment.json")).exists()).toBe(false);
  });
});
