// Two turns of a tool loop for every pair of dialects, before an upstream that knows its own seals and refuses any other.
import { describe, expect, test } from "bun:test";
import { isJsonObject, ResponseFold, type GenerateResponse, type Json, type JsonObject } from "@dragoman/core";
import type { Act } from "@dragoman/gateway/testing";
import type { CaseSheet } from "../runner/case.ts";
import { asSent } from "../runner/compare.ts";
import { translateStream } from "../runner/streams.ts";
import { violationsOf } from "../runner/strictness.ts";
import { capabilitiesOf, dialectOf, plainRequest, wireInput, worldOf } from "../runner/worlds.ts";
import { provider, type Provider } from "./acts.ts";
import { RENDERED } from "./renderings.ts";

const SHEET: CaseSheet = { title: "", numbers: [], source: "", direction: "loop", from: [], to: [] };

const ACTS: Readonly<Record<string, Act>> = {
  "a call after thinking": { reasoning: "I need f.", calls: [{ name: "f", arguments: { a: 1 } }] },
  "text and two calls after thinking": { reasoning: "I need both.\n\nAt once.", text: "Let me see.", calls: [{ name: "f", arguments: { a: 1 } }, { name: "g", arguments: {} }] },
  "calls alone": { calls: [{ name: "g", arguments: { deep: [1, { x: null }] } }] },
};

interface Turn {
  /** The client's next request, from its first one and the reply. */
  readonly next: (body: JsonObject, reply: JsonObject) => JsonObject;
}

function list(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** What each client does with a reply that calls tools: keeps it word for word, and answers every call. */
const CLIENTS: Readonly<Record<string, Turn>> = {
  "openai-chat": {
    next: (body, reply) => {
      const message = list(reply.choices)[0]?.message;
      const calls = isJsonObject(message) ? list(message.tool_calls) : [];
      return { ...body, messages: [...list(body.messages), message ?? null, ...calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "done" }))] };
    },
  },
  "openai-responses": {
    next: (body, reply) => {
      const output = list(reply.output);
      const results = output.filter(({ type }) => type === "function_call").map(({ call_id }) => ({ type: "function_call_output", call_id, output: "done" }));
      return { ...body, include: ["reasoning.encrypted_content"], input: [{ role: "user", content: "Hi" }, ...output, ...results] };
    },
  },
  "anthropic-messages": {
    next: (body, reply) => {
      const results = list(reply.content).filter(({ type }) => type === "tool_use").map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "done" }));
      return { ...body, messages: [...list(body.messages), { role: "assistant", content: reply.content }, { role: "user", content: results }] };
    },
  },
  "gemini-generate-content": {
    next: (body, reply) => {
      const content = list(reply.candidates)[0]?.content;
      const calls = isJsonObject(content) ? list(content.parts).map(({ functionCall }) => functionCall).filter(isJsonObject) : [];
      return { ...body, contents: [...list(body.contents), content ?? null, { role: "user", parts: calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: "done" } } })) }] };
    },
  },
};

interface Loop {
  readonly client: string;
  readonly upstream: string;
  readonly act: Act;
  readonly streamed: boolean;
  /** Gone between the turns: what the gateway remembers. */
  readonly forgets: boolean;
}

function secondRequest(loop: Loop): { readonly violations: readonly string[]; readonly body: JsonObject } {
  const client = dialectOf(loop.client);
  const upstream = dialectOf(loop.upstream);
  const told = provider(loop.upstream, {});
  const memory: NonNullable<Parameters<typeof worldOf>[1]> = new Map();
  const first = asking(client.id);
  const reply = asSent(answer(loop, told, { first, memory })) as JsonObject;
  const next = CLIENTS[loop.client]?.next(first, reply) ?? {};
  const world = worldOf(SHEET, loop.forgets ? new Map() : memory);
  const request = client.decodeRequest(wireInput(client.id, next), world.context);
  const encoded = upstream.encodeRequest(request, world.exchange(request, upstream, { capabilities: capabilitiesOf(SHEET, upstream.id) }));
  const sent = { ...encoded, body: asSent(encoded.body) as JsonObject };
  return { violations: violationsOf(upstream.id, sent, [], told.seals), body: sent.body };
}

function asking(client: string): JsonObject {
  return plainRequest(client, false) as JsonObject;
}

function answer(loop: Loop, told: Provider, { first, memory }: { readonly first: JsonObject; readonly memory: NonNullable<Parameters<typeof worldOf>[1]> }): JsonObject {
  const client = dialectOf(loop.client);
  const upstream = dialectOf(loop.upstream);
  const world = worldOf(SHEET, memory);
  const request = client.decodeRequest(wireInput(client.id, first), world.context);
  const exchange = world.exchange(request, upstream, { capabilities: capabilitiesOf(SHEET, upstream.id) });
  upstream.encodeRequest(request, exchange);
  const response = loop.streamed ? folded(told.events(loop.act), () => exchange, loop) : upstream.decodeResponse(told.whole(loop.act), exchange);
  return client.encodeResponse(response, exchange);
}

function folded(events: readonly string[], exchange: () => Parameters<typeof translateStream>[3], loop: Loop): GenerateResponse {
  const fold = new ResponseFold();
  const { events: heard } = translateStream([new TextEncoder().encode(events.join(""))], dialectOf(loop.upstream), dialectOf(loop.client), exchange());
  for (const event of heard) fold.push(event);
  return fold.response();
}

/** Vendors whose seals must come back, and the member in which they do. */
const SEALS: Readonly<Record<string, RegExp>> = {
  "openai-responses": /"encrypted_content":"gAAAA/,
  "anthropic-messages": /"signature":"anthropicSeal/,
  "gemini-generate-content": /"thoughtSignature":"googleSeal/,
};

for (const client of RENDERED) {
  for (const upstream of RENDERED) {
    describe(`a client of ${client}, an upstream of ${upstream}`, () => {
      for (const [name, act] of Object.entries(ACTS)) {
        for (const streamed of [false, true]) {
          test(`${name}, ${streamed ? "streamed" : "whole"}: the seals come back as they were`, () => {
            const { violations, body } = secondRequest({ client, upstream, act, streamed, forgets: false });
            expect(violations).toEqual([]);
            const seal = SEALS[upstream];
            const sealed = upstream === "gemini-generate-content" || act.reasoning !== undefined;
            if (seal !== undefined && sealed) expect(JSON.stringify(body)).toMatch(seal);
          });
        }
        test(`${name}: the upstream takes it even when nothing is remembered`, () => {
          expect(secondRequest({ client, upstream, act, streamed: false, forgets: true }).violations).toEqual([]);
        });
      }
    });
  }
}
