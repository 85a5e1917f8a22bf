import { describe, expect, test } from "bun:test";
import { isGatewayError, type Capabilities, type JsonObject } from "@dragoman/core";
import { asSent, differences } from "../runner/compare.ts";
import { seededRandom } from "../runner/streams.ts";
import { violationsOf } from "../runner/strictness.ts";
import { dialectOf, wireInput, worldOf } from "../runner/worlds.ts";
import { loadCases } from "../runner/load-cases.ts";
import type { CaseSheet } from "../runner/case.ts";
import { randomConversation } from "./conversations.ts";
import { RENDERED, RENDERINGS } from "./renderings.ts";

const ROUNDS = 150;

/** Models as strict as the simulated providers are. */
const CAPABILITIES: Readonly<Record<string, Capabilities>> = {
  "openai-chat": {},
  "openai-responses": {},
  "anthropic-messages": { reasoning: { manual: true, canBeOff: true, budget: { min: 1024, max: 32_000, zeroOk: true, dynamicOk: false } } },
  "gemini-generate-content": { requiresCallSeal: true, functionResponseParts: true, jsonWithTools: true, reasoning: { levels: ["low", "high"] } },
};

const SHEET: CaseSheet = { title: "", numbers: [], source: "", direction: "request", from: [], to: [] };

function encode(client: string, upstream: string, body: JsonObject, capabilities: Capabilities): ReturnType<ReturnType<typeof dialectOf>["encodeRequest"]> {
  const world = worldOf(SHEET);
  const request = dialectOf(client).decodeRequest(wireInput(client, body), world.context);
  return dialectOf(upstream).encodeRequest(request, world.exchange(request, dialectOf(upstream), { capabilities }));
}

/** The refusals with which a conversation may rightly be turned away. */
function isFair(thrown: unknown): boolean {
  return isGatewayError(thrown) && thrown.source === "client" && thrown.status === 400;
}

describe("random conversations", () => {
  for (const client of RENDERED) {
    for (const upstream of RENDERED.filter((upstream) => upstream !== client)) {
      test(`${client} → ${upstream}: the strict provider takes them, and twice the same bytes`, () => {
        let taken = 0;
        for (let seed = 1; seed <= ROUNDS; seed++) {
          const body = RENDERINGS[client]?.(randomConversation(seededRandom(seed), false)) ?? {};
          try {
            const encoded = encode(client, upstream, body, CAPABILITIES[upstream] ?? {});
            const sent = { ...encoded, body: asSent(encoded.body) as JsonObject };
            expect({ seed, violations: violationsOf(upstream, sent) }).toEqual({ seed, violations: [] });
            expect(JSON.stringify(encode(client, upstream, body, CAPABILITIES[upstream] ?? {}))).toBe(JSON.stringify(encoded));
            taken++;
          } catch (thrown) {
            if (!isFair(thrown)) throw thrown;
          }
        }
        expect(taken).toBeGreaterThan(ROUNDS * 0.8);
      });
    }
  }

  for (const dialect of RENDERED) {
    test(`${dialect}: in and out through the same dialect changes nothing`, () => {
      for (let seed = 1; seed <= ROUNDS; seed++) {
        const body = RENDERINGS[dialect]?.(randomConversation(seededRandom(seed), true)) ?? {};
        expect({ seed, found: differences(body, asSent(encode(dialect, dialect, body, {}).body)) }).toEqual({ seed, found: [] });
      }
    });
  }
});

/** Situations in which even the same dialect must be mended. */
const MENDED = new Set([123, 130, 132, 133, 158, 145]);

describe("requests of the cases", () => {
  const cases = loadCases().filter(({ sheet }) => sheet.direction === "request" && !sheet.numbers.some((number) => MENDED.has(number)));
  for (const dialect of RENDERED) {
    test(`${dialect}: in and out through the same dialect changes nothing`, () => {
      const own = cases.filter(({ sheet }) => sheet.from.includes(dialect) && sheet.path === undefined);
      expect(own.length).toBeGreaterThan(3);
      for (const { id, files } of own) {
        const body = JSON.parse(files[`${dialect}/request.json`] ?? "{}") as JsonObject;
        expect({ id, found: differences(body, asSent(encode(dialect, dialect, body, {}).body)) }).toEqual({ id, found: [] });
      }
    });
  }
});
