// From the printed link to the first reply.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { waitFor } from "../kit/program.ts";
import { openAdminWorld, openWindow, type AdminWorld } from "./admin-world.ts";

let world: AdminWorld;
beforeAll(async () => {
  world = await openAdminWorld({ config: "" });
}, 60_000);
afterAll(() => world.close());

test("the printed link leads through a management key, a provider, a client key and a call", async () => {
  const link = await waitFor(() => /\/admin(\/setup#token=\w+)/.exec(world.program.stdout() + world.program.stderr())?.[1]);
  const { page, context, complaints, visit } = await openWindow(world, { signedIn: false });
  await visit(link);
  await page.getByRole("button", { name: "Set the key" }).click();
  const managementKey = await page.getByTestId("management-key").innerText();
  expect(managementKey.length).toBeGreaterThanOrEqual(20);
  expect(page.url()).not.toContain("token");
  await page.getByRole("button", { name: "I have kept it" }).click();

  await page.getByText("4 models are served already").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();

  await page.getByRole("button", { name: "Make the key" }).click();
  const clientKey = await page.getByTestId("client-key").innerText();
  await page.getByRole("button", { name: "Continue" }).click();

  await page.getByLabel("Model").selectOption("demo-echo");
  await page.getByLabel("Question").fill("a first word");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByTestId("reply").filter({ hasText: "a first word" }).waitFor();
  await page.getByText("Settings for your client").waitFor();
  await page.getByRole("link", { name: "To the overview" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();

  const signIn = (key: string): Promise<number> => fetch(`${world.program.origin}/v0/management/session`, { method: "POST", headers: { "content-type": "application/json", "x-dragoman-session": "1" }, body: JSON.stringify({ key }) }).then(({ status }) => status);
  expect([await signIn(managementKey), await signIn(clientKey)]).toEqual([200, 401]);
});

test("without the link there is nothing to set up", async () => {
  const { page, context, visit } = await openWindow(world, { signedIn: false });
  await visit("/setup");
  await page.waitForURL("**/admin/sign-in");
  await context.close();
});
