import { createSimulator, SIMULATED, type Script, type Simulator } from "@dragoman/gateway/testing";
import { listen, type Listening } from "../../kit/running.ts";

/** A request for a model, as the backend got it. */
export interface EnvelopedCall {
  readonly verb: string;
  readonly headers: Headers;
  readonly envelope: Record<string, unknown>;
}

/** Google's Code Assist: an envelope around generateContent, opened here and given to the dialect's simulator. */
export interface CodeAssistApi extends Listening {
  readonly calls: EnvelopedCall[];
  readonly simulator: Simulator;
  /** Answers in place of the next requests, as long as there is one. */
  readonly instead: Response[];
}

export interface CodeAssistRules {
  /** Tokens that are good now. */
  readonly good: ReadonlySet<string>;
  /** Why this backend refuses the envelope; `undefined` when it does not. */
  check(envelope: Record<string, unknown>, headers: Headers): string | undefined;
}

const SIMULATED_GEMINI = SIMULATED.find(({ dialect }) => dialect.id === "gemini-generate-content");

export function startCodeAssist(rules: CodeAssistRules, script: Script = () => ({ text: "Good day" })): CodeAssistApi {
  if (SIMULATED_GEMINI === undefined) throw new Error("nobody simulates this dialect");
  const simulator = createSimulator(SIMULATED_GEMINI.dialect, SIMULATED_GEMINI.vendor, script);
  const calls: EnvelopedCall[] = [];
  const instead: Response[] = [];
  const listening = listen(async (request) => {
    const url = new URL(request.url);
    const verb = /^\/v1internal:(\w+)$/.exec(url.pathname)?.[1];
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    if (request.method !== "POST" || verb === undefined) return refusal(404, "NOT_FOUND", `no ${url.pathname}`);
    if (!rules.good.has(token)) return refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
    if (request.headers.get("content-type") !== "application/json") return refusal(400, "INVALID_ARGUMENT", "expected application/json");
    const envelope = (await request.json()) as Record<string, unknown>;
    if (verb === "countTokens") return count(envelope);
    const streams = verb === "streamGenerateContent";
    if (streams !== (url.searchParams.get("alt") === "sse")) return refusal(400, "INVALID_ARGUMENT", "alt=sse belongs to streams");
    const refused = rules.check(envelope, request.headers);
    if (refused !== undefined) return refusal(400, "INVALID_ARGUMENT", refused);
    calls.push({ verb, headers: request.headers, envelope });
    return instead.shift() ?? wrapped(await simulator.fetch(new Request(`${url.origin}/v1beta/models/${String(envelope.model)}:${verb}${url.search}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(plainRequest(envelope.request)),
    })));
  });
  return { ...listening, calls, simulator, instead };
}

/** What the envelope's owner alone knows. */
function plainRequest(request: unknown): Record<string, unknown> {
  const { session_id: _own, sessionId: _theirs, ...rest } = request as Record<string, unknown>;
  return rest;
}

/** The body is just `request`: project, model and safety settings are refused. */
function count(envelope: Record<string, unknown>): Response {
  const request = envelope.request as Record<string, unknown> | undefined;
  if (Object.keys(envelope).join() !== "request" || request === undefined) return refusal(400, "INVALID_ARGUMENT", "countTokens takes a request alone");
  if (request.safetySettings !== undefined || !Array.isArray(request.contents)) return refusal(400, "INVALID_ARGUMENT", "countTokens takes contents");
  return Response.json({ totalTokens: 4711 });
}

async function wrapped(reply: Response): Promise<Response> {
  if (!reply.ok) return reply;
  const text = await reply.text();
  if (reply.headers.get("content-type")?.includes("event-stream") !== true) return Response.json({ response: JSON.parse(text) as unknown, traceId: "trace-of-tests" });
  return new Response(text.replace(/^data: (.+)$/gm, (_line, json: string) => `data: {"response":${json},"traceId":"trace-of-tests"}`), { headers: { "content-type": "text/event-stream" } });
}

export function refusal(code: number, status: string, message: string, details: readonly unknown[] = []): Response {
  return Response.json({ error: { code, message, status, ...(details.length > 0 && { details }) } }, { status: code });
}

/** Google's own words about a limit. */
export const quotaDetails = {
  retryInfo: (retryDelay: string) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay }),
  errorInfo: (reason: string, metadata: Record<string, string> = {}) => ({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "cloudcode-pa.googleapis.com", metadata }),
};
