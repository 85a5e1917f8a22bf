import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { listen, type Listening } from "../../kit/running.ts";

/** Factory's gateway: four places, each with a dialect, and headers without which it refuses. */
export interface FactoryApi extends Listening {
  /** Fixed keys that it takes, beside the tokens of its users. */
  readonly keys: Set<string>;
  /** By dialect. */
  readonly upstreams: Readonly<Record<string, Simulator>>;
  /** Every request, as it came in. */
  readonly seen: { readonly path: string; readonly headers: Headers; readonly body: JsonObject; readonly text: string }[];
  /** Answers the next requests in place of a model. */
  reply: ((headers: Headers) => Response | undefined) | undefined;
}

interface Place {
  readonly dialect: string;
  /** Providers that stand behind it. */
  readonly providers: readonly string[];
  /** Where the dialect's own vendor has it. */
  ownPath(body: JsonObject): string;
}

const PLACES: Readonly<Record<string, Place>> = {
  "/api/llm/a/v1/messages": { dialect: "anthropic-messages", providers: ["anthropic", "bedrock_anthropic", "vertex_anthropic", "fireworks"], ownPath: () => "/v1/messages" },
  "/api/llm/o/v1/responses": { dialect: "openai-responses", providers: ["openai"], ownPath: () => "/v1/responses" },
  "/api/llm/o/v1/chat/completions": { dialect: "openai-chat", providers: ["fireworks", "baseten"], ownPath: () => "/v1/chat/completions" },
  "/api/llm/g/v1/generate": {
    dialect: "gemini-generate-content", providers: ["google"],
    ownPath: ({ model, stream }) => `/v1beta/models/${String(model)}:${stream === true ? "streamGenerateContent?alt=sse" : "generateContent"}`,
  },
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function startFactoryApi(tokens: ReadonlySet<string>): FactoryApi {
  const keys = new Set<string>();
  const seen: FactoryApi["seen"] = [];
  const upstreams = Object.fromEntries(SIMULATED.map(({ dialect, vendor }) => [dialect.id, createSimulator(dialect, vendor, () => ({ text: "Good day" }))]));
  const refuse = (status: number, message: string): Response => Response.json({ error: { type: "api_error", message } }, { status });
  const listening = listen(async (request) => {
    const { pathname, search } = new URL(request.url);
    const { headers } = request;
    const text = await request.text();
    const body = JSON.parse(text) as Json;
    if (!isJsonObject(body)) return refuse(400, "a JSON object is wanted");
    seen.push({ path: pathname + search, headers, body, text });
    const token = /^Bearer (\S+)$/.exec(headers.get("authorization") ?? "")?.[1] ?? "";
    if (!(keys.has(token) || tokens.has(token)) || headers.has("x-api-key")) return refuse(401, "Invalid credentials");
    const instead = api.reply?.(headers);
    if (instead !== undefined) return instead;
    if (pathname === "/api/llm/a/v1/messages/count_tokens") return Response.json({ input_tokens: 11 });
    const place = PLACES[pathname];
    const fault = place === undefined ? `there is nothing at ${pathname}` : faultOf(place, pathname + search, headers);
    if (place === undefined || fault !== undefined) return refuse(400, fault ?? "");
    return toSimulator(upstreams[place.dialect], place, headers, body);
  });
  const api: FactoryApi = { ...listening, keys, upstreams, seen, reply: undefined };
  return api;
}

/** What the gateway would refuse before a model sees anything. */
function faultOf({ dialect, providers }: Place, target: string, headers: Headers): string | undefined {
  if (target.includes("?")) return "no query is known here";
  if (headers.get("content-type")?.startsWith("application/json") !== true) return "content-type must be application/json";
  if (!providers.includes(headers.get("x-api-provider") ?? "")) return `x-api-provider must be one of ${providers.join(", ")}`;
  for (const name of ["x-session-id", "x-assistant-message-id"]) if (!UUID.test(headers.get(name) ?? "")) return `${name} must be a UUID`;
  return dialect === "anthropic-messages" && headers.get("anthropic-version") === null ? "anthropic-version is missing" : undefined;
}

function toSimulator(simulator: Simulator | undefined, place: Place, headers: Headers, body: JsonObject): Promise<Response> | Response {
  if (simulator === undefined) return new Response("no such model", { status: 500 });
  const { model: _model, stream: _stream, ...gemini } = body;
  const content = place.dialect === "gemini-generate-content" ? gemini : body;
  return simulator.fetch(new Request(`http://vendor.example.com${place.ownPath(body)}`, { method: "POST", headers, body: JSON.stringify(content) }));
}
