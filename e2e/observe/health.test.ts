import { afterAll, beforeAll, expect, test } from "bun:test";
import { at } from "../kit/calls.ts";
import { startOffice } from "../kit/office.ts";
import { startObserved, type ObservedWorld } from "./observe-world.ts";

let world: ObservedWorld;

beforeAll(async () => {
  world = await startObserved({ script: () => ({ text: "fine" }) });
});
afterAll(() => world.close());

test("live: it answers, to everybody", async () => {
  const { status, body } = await world.get("//health/live", { key: null });
  expect({ status, body }).toEqual({ status: 200, body: { status: "ok" } });
});

test("ready: everybody may ask, only the management key hears more", async () => {
  const open = await world.get("//health/ready", { key: null });
  expect({ status: open.status, body: open.body }).toEqual({ status: 200, body: { status: "ready", reasons: [] } });
  const told = await world.get("//health/ready");
  expect(at(told.body, "checks", 0)).toEqual({ name: "store", ok: true, message: "sqlite answers" });
  expect(String(at(told.body, "checks", 1, "message"))).toContain("4 models");
});

test("probes from elsewhere, or with a wrong key, are answered and banned from nothing", async () => {
  world.visitor.address = "192.0.2.9";
  for (let count = 0; count < 8; count++) expect((await world.get("//health/ready", { key: null })).status).toBe(200);
  world.visitor.address = "127.0.0.1";
  const wrong = await world.get("//health/ready", { key: "wrong" });
  expect({ status: wrong.status, body: wrong.body }).toEqual({ status: 200, body: { status: "ready", reasons: [] } });
});

test("not ready: without a model, and without the store", async () => {
  const bare = await startOffice();
  const without = await bare.get("//health/ready", { key: null });
  expect({ status: without.status, body: without.body }).toEqual({ status: 503, body: { status: "not-ready", reasons: ["models"] } });
  await bare.store.close();
  const neither = await bare.get("//health/ready");
  expect(neither.status).toBe(503);
  expect(at(neither.body, "reasons")).toEqual(["store", "models"]);
  expect(at(neither.body, "checks", 0, "ok")).toBe(false);
  await bare.close();
});

test("/health stays what it was", async () => {
  const { status, body } = await world.get("//health", { key: null });
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: "ok", models: 4 });
});
