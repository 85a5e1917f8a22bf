import { expect, test } from "bun:test";
import { settled } from "./settled.ts";

const record = (): void => undefined;

test("waits for what was recorded", async () => {
  let done = false;
  await settled({ usage: { record, flush: async () => void (done = await Promise.resolve(true)) } });
  expect(done).toBe(true);
  await settled({ usage: { record } });
});

test("but not for ever", async () => {
  await settled({ usage: { record, flush: () => new Promise(() => undefined) } });
});
