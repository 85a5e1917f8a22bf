import { expect, test } from "bun:test";
import { SeriesMemory, type SeriesMembers } from "./series-memory.ts";

const BASE: SeriesMembers = {
  principal: "key:1", keyId: 1, userId: 2, endpoint: "POST /v1/messages", clientDialect: "a", upstreamDialect: "b",
  provider: "p", credential: "c", credentialIndex: "0", modelAsked: "m", modelUpstream: "n",
};

test("each member tells series apart", () => {
  const memory = new SeriesMemory<string>(100);
  const others = Object.keys(BASE).map((member) => ({ ...BASE, [member]: member === "keyId" || member === "userId" ? 9 : "other" }));
  memory.set(BASE, "base");
  for (const other of others) expect(memory.get(other)).toBeUndefined();
  others.forEach((other, at) => memory.set(other, `other ${at}`));
  others.forEach((other, at) => expect(memory.get({ ...other })).toBe(`other ${at}`));
  expect(memory.get({ ...BASE })).toBe("base");
});

test("absent is a value of its own, and nothing else of a record is looked at", () => {
  const memory = new SeriesMemory<number>(100);
  const { keyId: _key, userId: _user, ...configured } = BASE;
  memory.set(configured, 1);
  expect(memory.get(BASE)).toBeUndefined();
  expect(memory.get({ ...configured, requestId: "req" } as SeriesMembers)).toBe(1);
});

test("forgets rather than grow without end", () => {
  const memory = new SeriesMemory<number>(2);
  for (let at = 0; at < 3; at++) memory.set({ ...BASE, modelAsked: `m${at}` }, at);
  expect([0, 1, 2].map((at) => memory.get({ ...BASE, modelAsked: `m${at}` }))).toEqual([undefined, undefined, 2]);
});
