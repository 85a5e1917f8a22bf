import { GatewayError } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import { compact } from "../pipeline/compact.ts";
import { countTokens } from "../pipeline/count-tokens.ts";
import { passEmbeddings } from "../pipeline/embeddings.ts";
import { admit, generate } from "../pipeline/generate.ts";
import { reviseRequest, type Revised } from "../hooks/revise-request.ts";
import { conversation } from "../responses/conversation.ts";
import { recall, recalledRequest } from "../responses/recall.ts";
import { storedResponse } from "../responses/stored-response.ts";
import { VERSION } from "../version.ts";
import { keepWaiting } from "./keep-waiting.ts";
import type { Errand, Route } from "./routes.ts";

const ERRANDS: Readonly<Record<Errand, (call: Call, route: Route) => Response | Promise<Response>>> = {
  generate: async (call) => {
    const recalled = await recall(call);
    const asked = recalledRequest(recalled);
    const hooks = call.engine.hooks?.request;
    const { call: revised, request }: Revised = hooks === undefined ? { call: recalled, request: asked } : await reviseRequest(recalled, asked, hooks);
    const reply = generate(revised, request);
    const intervalMs = call.settings.wholeKeepAliveMs;
    return intervalMs === 0 || request.stream ? reply : keepWaiting(revised, reply, intervalMs);
  },
  compact: async (call) => compact(await recall(call)),
  count: async (call) => countTokens(await recall(call)),
  embeddings: (call) => passEmbeddings(call),
  models: (call) => listModels(call),
  model: (call, route) => describeModel(call, route.parameter ?? ""),
  conversation: async (call, route) => json(call, await conversation(call, route.parameter)),
  "stored-response": async (call, route) => json(call, await storedResponse(call, route.parameter ?? "")),
  aside: (call) => json(call, aside(call)),
  welcome: (call) => json(call, { name: "Dragoman", version: VERSION, endpoints: ENDPOINTS }),
  health: (call) => json(call, { status: "ok", version: VERSION, models: call.engine.switchboard.listModels().length }),
};

const ENDPOINTS: readonly string[] = [
  "POST /v1/chat/completions", "POST /v1/completions", "POST /v1/responses", "POST /v1/messages", "POST /v1/messages/count_tokens",
  "POST /v1beta/models/{model}:generateContent", "POST /v1beta/models/{model}:streamGenerateContent", "POST /v1beta/models/{model}:countTokens",
  "POST /v1/embeddings", "GET /v1/models",
];

export async function runErrand(call: Call, route: Route): Promise<Response> {
  return ERRANDS[route.errand](call, route);
}

function json(call: Call, body: unknown): Response {
  return new Response(JSON.stringify(body), { headers: { "content-type": "application/json", "x-request-id": call.requestId, ...call.story.pass?.headers } });
}

function aside({ dialect, input }: Call): unknown {
  const answer = dialect.answerAside?.(input.path, input.body);
  if (answer === undefined) throw new GatewayError("not_found", { source: "client", message: `There is nothing at ${input.path}.` });
  return answer;
}

function modelShape(call: Call): NonNullable<Call["dialect"]["models"]> {
  const shape = call.dialect.models;
  if (shape === undefined) throw new GatewayError("not_implemented", { source: "client" });
  return shape;
}

/** Those that the key may use. */
async function listModels(call: Call): Promise<Response> {
  await admit(call, { spends: false });
  const { allowedModels } = call.principal;
  const models = call.engine.switchboard.listModels();
  return json(call, modelShape(call).encodeList(allowedModels === undefined ? models : models.filter(({ id }) => allowedModels(id))));
}

async function describeModel(call: Call, name: string): Promise<Response> {
  await admit(call, { model: name, spends: false });
  const model = call.engine.switchboard.findModel(name);
  if (model === undefined) throw new GatewayError("model_not_found", { source: "client", message: `There is no model ${name}.`, path: "model" });
  return json(call, modelShape(call).encodeModel(model));
}
