import { describe, expect, test } from "bun:test";
import { isJsonObject, ResponseFold, unfold, type Dialect, type GenerateEvent, type GenerateResponse, type Json, type JsonObject } from "@dragoman/core";
import { anyEndFaults, grammarFaults } from "../grammar/index.ts";
import { asSent, differences } from "../runner/compare.ts";
import type { CaseSheet } from "../runner/case.ts";
import { loadCases } from "../runner/load-cases.ts";
import { chunkings, parseStream, seededRandom, translateStream } from "../runner/streams.ts";
import { dialectOf, plainRequest, wireInput, worldOf } from "../runner/worlds.ts";
import type { Exchange } from "@dragoman/core";
import { provider, randomAct } from "./acts.ts";
import { chance, type Random } from "./conversations.ts";
import { RENDERED } from "./renderings.ts";

const ROUNDS = 60;
const SHEET: CaseSheet = { title: "", numbers: [], source: "", direction: "stream", from: [], to: [] };

function exchangeOf(client: Dialect, upstream: Dialect): Exchange {
  const world = worldOf(SHEET);
  const request = client.decodeRequest(wireInput(client.id, plainRequest(client.id, true), { streamed: true }), world.context);
  const exchange = world.exchange(request, upstream);
  upstream.encodeRequest(request, exchange);
  return exchange;
}

function fold(events: readonly GenerateEvent[]): GenerateResponse {
  const folded = new ResponseFold();
  for (const event of events) folded.push(event);
  return folded.response();
}

/** What an answer says, without what only one of its two forms can carry: the vendor's own objects and times. */
function saying(response: GenerateResponse): Json {
  return asSent({
    model: response.model,
    candidates: response.candidates.map(({ index, finish, parts }) => ({ index, reason: finish.reason, parts: parts.map((part) => spoken(asSent(part) as JsonObject)) })),
    usage: response.usage === undefined ? null : without(asSent(response.usage) as JsonObject, ["native"]),
  });
}

/** A part without ids, which are made anew, and without the model of its seal, which is the one that the client asked for. */
function spoken(part: JsonObject): JsonObject {
  const { seal, ...rest } = without(part, ["wire", "logprobs", "path", "callId", "itemId"]);
  return isJsonObject(seal) ? { ...rest, seal: without(seal, ["model", "itemId"]) } : rest;
}

function without(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

for (const id of RENDERED) {
  describe(`a provider of ${id}`, () => {
    const upstream = dialectOf(id);

    test("says the same whole and streamed", () => {
      for (let seed = 1; seed <= ROUNDS; seed++) {
        const act = randomAct(seededRandom(seed));
        const bytes = new TextEncoder().encode(provider(id).events(act).join(""));
        const streamed = fold(translateStream([bytes], upstream, upstream, exchangeOf(upstream, upstream)).events);
        const whole = upstream.decodeResponse(provider(id).whole(act), exchangeOf(upstream, upstream));
        expect({ seed, found: differences(saying(whole), saying(streamed)) }).toEqual({ seed, found: [] });
      }
    });

    test("answers survive their own dialect, whole and streamed", () => {
      for (let seed = 1; seed <= ROUNDS; seed++) {
        const act = randomAct(seededRandom(seed));
        const exchange = exchangeOf(upstream, upstream);
        const first = upstream.decodeResponse(provider(id).whole(act), exchange);
        const again = upstream.decodeResponse(asSent(upstream.encodeResponse(first, exchange)), exchangeOf(upstream, upstream));
        expect({ seed, found: differences(parts(first), parts(again)) }).toEqual({ seed, found: [] });
        const told = translateStream([new TextEncoder().encode(provider(id).events(act).join(""))], upstream, upstream, exchangeOf(upstream, upstream));
        const heard = fold(translateStream([new TextEncoder().encode(told.text)], upstream, upstream, exchangeOf(upstream, upstream)).events);
        expect({ seed, found: differences(parts(fold(told.events)), parts(heard)) }).toEqual({ seed, found: [] });
      }
    });

    for (const clientId of RENDERED) {
      const client = dialectOf(clientId);

      test(`is understood by a client of ${clientId}, however its stream is cut`, () => {
        for (let seed = 1; seed <= ROUNDS; seed++) {
          const text = provider(id).events(randomAct(seededRandom(seed))).join("");
          let first: Json | undefined;
          for (const [how, pieces] of chunkings(text, seed)) {
            const out = translateStream(pieces, upstream, client, exchangeOf(client, upstream)).text;
            expect({ seed, how, faults: grammarFaults(clientId, out, false) }).toEqual({ seed, how, faults: [] });
            first ??= parseStream(out) as Json;
            expect({ seed, how, found: differences(first, parseStream(out) as Json) }).toEqual({ seed, how, found: [] });
          }
        }
      });

      test(`never breaks the grammar of ${clientId}, whatever becomes of its stream`, () => {
        for (let seed = 1; seed <= ROUNDS * 3; seed++) {
          const random = seededRandom(seed);
          const text = damaged(random, provider(id).events(randomAct(random))).join("");
          const out = translateStream([new TextEncoder().encode(text)], upstream, client, exchangeOf(client, upstream)).text;
          expect({ seed, faults: anyEndFaults(clientId, out) }).toEqual({ seed, faults: [] });
        }
      });

      test(`whole answers that are told to a client of ${clientId} as a stream`, () => {
        for (let seed = 1; seed <= ROUNDS; seed++) {
          const exchange = exchangeOf(client, upstream);
          const response = upstream.decodeResponse(provider(id).whole(randomAct(seededRandom(seed))), exchange);
          let out = "";
          const encoder = client.createStreamEncoder(exchange, (piece) => (out += piece));
          unfold(response, (event) => encoder.push(event));
          expect({ seed, faults: grammarFaults(clientId, out, false) }).toEqual({ seed, faults: [] });
        }
      });
    }
  });
}

function parts(response: GenerateResponse): Json {
  return (saying(response) as { readonly candidates: Json }).candidates;
}

/** Truncated, reordered, repeated, with a piece of nonsense, or cut within an event. */
function damaged(random: Random, events: readonly string[]): readonly string[] {
  const copy = [...events];
  const anywhere = (): number => Math.floor(random() * copy.length);
  if (chance(random, 0.5)) copy.length = 1 + anywhere();
  if (chance(random, 0.4)) copy.splice(anywhere(), 0, copy[anywhere()] ?? "");
  if (chance(random, 0.4)) {
    const [moved = ""] = copy.splice(anywhere(), 1);
    copy.splice(anywhere(), 0, moved);
  }
  if (chance(random, 0.2)) copy.splice(anywhere(), 1);
  if (chance(random, 0.2)) copy.splice(anywhere(), 0, "data: {\"broken\": \n\n");
  if (chance(random, 0.2)) copy.push((copy.pop() ?? "").slice(0, -7));
  return copy;
}

describe("answers of the cases", () => {
  const cases = loadCases().filter(({ sheet }) => sheet.direction === "response");
  for (const id of RENDERED) {
    test(`${id}: in and out through the same dialect says the same`, () => {
      const dialect = dialectOf(id);
      const own = cases.filter(({ sheet }) => sheet.from.includes(id));
      for (const { id: caseId, files } of own) {
        const exchange = exchangeOf(dialect, dialect);
        const first = dialect.decodeResponse(JSON.parse(files[`${id}/response.json`] ?? "{}") as Json, exchange);
        const again = dialect.decodeResponse(asSent(dialect.encodeResponse(first, exchange)), exchangeOf(dialect, dialect));
        expect({ caseId, found: differences(parts(first), parts(again)) }).toEqual({ caseId, found: [] });
      }
    });
  }
});
