import { createGateway, type Gateway, type UpstreamRequestInit } from "@dragoman/gateway";
import { systemClock, systemIds } from "../../packages/server/src/host/ports.ts";
import type { DialectId } from "../kit/calls.ts";
import { configOf } from "../kit/running.ts";

export const KEY = "sk-secret-of-the-caller";

/** An internet of names without machines: what is asked for is written down, and answered as the test says. */
export class Nowhere {
  /** What names lead to; several answers of one name are given one after the other. */
  readonly #names: Readonly<Record<string, readonly (readonly string[])[]>>;
  sent: { readonly url: string; readonly init: UpstreamRequestInit }[] = [];
  looked = new Map<string, number>();
  answer: () => Response = chatReply;

  constructor(names: Readonly<Record<string, readonly (readonly string[])[]>>) {
    this.#names = names;
  }

  /** As it was in the beginning. */
  reset(): void {
    this.sent = [];
    this.looked = new Map();
    this.answer = chatReply;
  }

  gateway(routes: Record<string, unknown> = {}): Gateway {
    return createGateway({
      config: configOf({ "logging-to-file": false, discovery: { environment: false, local: false }, "dynamic-routes": { enabled: true, ...routes } }),
      sealKeys: [new TextEncoder().encode("seal key of the tests, 32 bytes!")],
      ports: {
        fetch: async (url, init) => {
          this.sent.push({ url, init });
          return this.answer();
        },
        resolveHost: async (host) => this.#resolve(host),
        clock: systemClock, ids: systemIds,
        logger: { log: () => undefined }, background: { run: () => undefined }, usage: { record: () => undefined },
      },
    });
  }

  #resolve(host: string): readonly string[] {
    const count = this.looked.get(host) ?? 0;
    this.looked.set(host, count + 1);
    const answers = this.#names[host];
    if (answers === undefined) throw new Error("ENOTFOUND");
    return answers[Math.min(count, answers.length - 1)] ?? [];
  }
}

function chatReply(): Response {
  return Response.json({ id: "c", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "hello" } }] });
}

/** The least that a client of each dialect asks. */
export const QUESTIONS: Readonly<Record<DialectId, { readonly path: string; readonly body: Record<string, unknown> }>> = {
  "openai-chat": { path: "/v1/chat/completions", body: { model: "m", messages: [{ role: "user", content: "hi" }] } },
  "openai-responses": { path: "/v1/responses", body: { model: "m", input: "hi" } },
  "anthropic-messages": { path: "/v1/messages", body: { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hi" }] } },
  "gemini-generate-content": { path: "/v1beta/models/m:generateContent", body: { contents: [{ role: "user", parts: [{ text: "hi" }] }] } },
};

/** A request whose path begins with `mount`; with a key for the upstream unless `headers` say otherwise. */
export function askAt(gateway: Gateway, mount: string, dialect: DialectId = "anthropic-messages", more: { readonly body?: Record<string, unknown>; readonly headers?: Record<string, string>; readonly query?: string } = {}): Promise<Response> {
  const { path, body } = QUESTIONS[dialect];
  return gateway.fetch(new Request(`http://gateway.test${mount}${path}${more.query ?? ""}`, {
    method: "POST", headers: { "content-type": "application/json", ...(more.headers ?? { "x-api-key": KEY }) }, body: JSON.stringify({ ...body, ...more.body }),
  }));
}
