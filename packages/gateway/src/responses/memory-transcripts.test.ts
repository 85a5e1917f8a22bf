import { expect, test } from "bun:test";
import { MemoryTranscripts } from "./memory-transcripts.ts";
import type { Transcript } from "./transcript-store.ts";

const said = (id: string, text = "x", previousId?: string): Transcript => ({
  id,
  ...(previousId !== undefined && { previousId }),
  input: [{ type: "message", role: "user", content: text }],
  output: [{ type: "message", id: `msg_${id}`, role: "assistant", content: text }],
});

function store(limits: Partial<{ count: number; characters: number; ttlMs: number }> = {}): { transcripts: MemoryTranscripts; clock: { at: number } } {
  const clock = { at: 0 };
  return { clock, transcripts: new MemoryTranscripts({ now: () => clock.at }, { count: 100, characters: 1_000_000, ttlMs: 1000, ...limits }) };
}

test("what one key said, another does not find", async () => {
  const { transcripts } = store();
  await transcripts.save("anna", said("resp_1"));
  expect(await transcripts.find("anna", "resp_1")).toEqual(said("resp_1"));
  expect(await transcripts.find("bert", "resp_1")).toBeUndefined();
  expect(await transcripts.findItem("bert", "msg_resp_1")).toBeUndefined();
  expect(await transcripts.remove("bert", "resp_1")).toBe(false);
  expect(await transcripts.find("anna", "resp_1")).toBeDefined();
});

test("items are found by their id, until their transcript goes", async () => {
  const { transcripts } = store();
  await transcripts.save("anna", said("resp_1", "hello"));
  expect(await transcripts.findItem("anna", "msg_resp_1")).toMatchObject({ content: "hello" });
  expect(await transcripts.remove("anna", "resp_1")).toBe(true);
  expect(await transcripts.findItem("anna", "msg_resp_1")).toBeUndefined();
});

test("time takes them away", async () => {
  const { transcripts, clock } = store({ ttlMs: 1000 });
  await transcripts.save("anna", said("resp_1"));
  clock.at = 999;
  expect(await transcripts.find("anna", "resp_1")).toBeDefined();
  clock.at = 1000;
  expect(await transcripts.find("anna", "resp_1")).toBeUndefined();
});

test("when there are too many, those not used for longest go", async () => {
  const { transcripts } = store({ count: 2 });
  await transcripts.save("anna", said("resp_1"));
  await transcripts.save("anna", said("resp_2"));
  await transcripts.find("anna", "resp_1");
  await transcripts.save("anna", said("resp_3"));
  expect(await transcripts.find("anna", "resp_2")).toBeUndefined();
  expect(await transcripts.find("anna", "resp_1")).toBeDefined();
  expect(await transcripts.find("anna", "resp_3")).toBeDefined();
});

test("size counts, also of what is replaced, and one that is too large is not kept", async () => {
  const { transcripts } = store({ characters: 4000 });
  expect(await transcripts.save("anna", said("resp_0", "x".repeat(900)))).toBe(false);
  for (let round = 0; round < 50; round++) expect(await transcripts.save("anna", said("resp_1", "x".repeat(400)))).toBe(true);
  await transcripts.save("anna", said("resp_2", "y".repeat(400)));
  expect(await transcripts.find("anna", "resp_1")).toBeDefined();
  for (let index = 3; index < 9; index++) await transcripts.save("anna", said(`resp_${index}`, "z".repeat(400)));
  expect(await transcripts.find("anna", "resp_2")).toBeUndefined();
  expect(await transcripts.find("anna", "resp_8")).toBeDefined();
});
