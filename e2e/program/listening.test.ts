// Where the program listens when neither an option nor the file says so.
import { afterEach, expect, test } from "bun:test";
import { makeHome, runProgram, waitFor, type Home } from "../kit/program.ts";
import { listen } from "../kit/running.ts";

let home: Home;
afterEach(() => home.remove());

async function freePort(): Promise<number> {
  const probe = listen(() => new Response());
  await probe.close();
  return Number(new URL(probe.origin).port);
}

test("as a container says it; and a door that is open to everybody is told in the log", async () => {
  home = makeHome();
  const port = await freePort();
  // The second address is our own, as clients on this machine know it: nobody's upstream.
  const run = runProgram(home, ["serve", "--json"], { DRAGOMAN_HOST: "0.0.0.0", PORT: String(port), OPENAI_BASE_URL: `http://localhost:${port}/v1` });
  const line = await waitFor(() => run.stdout().split("\n").find((each) => each.includes("access.open")));
  expect(JSON.parse(line)).toMatchObject({ level: "warn", event: "access.open" });
  expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toMatchObject({ status: "ok", models: 0 });
  run.child.kill("SIGTERM");
  expect(await run.ended).toBe(0);
}, 60_000);
