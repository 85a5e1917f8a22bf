import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { listen, type Listening } from "../../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type AccountWorldOptions, type MovedClock } from "./account-world.ts";
import { startIssuer, type IssuedTokens, type Issuer } from "./issuer.ts";

export const CLIENT_ID = "app_EMoamEEZ73f0CkXaXp7hrann";
export const ACCOUNT_ID = "00000000-0000-4000-8000-000000000001";
/** What the vendor's list of account files would call an account with this id. */
export const FILE = "codex-one@example.com-plus.json";

export function jwt(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.signature`;
}

export const idToken = (plan: string, email = "one@example.com"): string =>
  jwt({ email, "https://api.openai.com/auth": { chatgpt_account_id: ACCOUNT_ID, chatgpt_plan_type: plan, chatgpt_user_id: "user-1" } });

export function startCodexIssuer(plan = "plus"): Issuer {
  return startIssuer({ clientId: CLIENT_ID, body: "form", lifetimeSeconds: 10 * 24 * 3600, pkce: true, extra: () => ({ id_token: idToken(plan) }) });
}

export interface CodexVendor {
  readonly issuer: Issuer;
  readonly upstream: Simulator;
  readonly api: Listening;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  readonly tokens: IssuedTokens;
  /** Answers in place of the model. */
  reply: ((request: Request) => Response | Promise<Response> | undefined) | undefined;
  /** Headers that every answer of the model carries. */
  headers: Record<string, string>;
  /** Answers logins by code. */
  device: ((path: string) => Response) | undefined;
}

const REFUSED = ["max_output_tokens", "max_completion_tokens", "temperature", "top_p", "truncation", "user", "context_management", "prompt_cache_options", "prompt_cache_retention", "safety_identifier", "generate", "previous_response_id"];
const PREFIX: Readonly<Record<string, string>> = { message: "msg_", reasoning: "rs_", function_call: "fc_", custom_tool_call: "ctc_" };

export const refusal = (status: number, error: Record<string, unknown>): Response => Response.json({ error }, { status });

type Items = readonly Record<string, unknown>[];

/** What ChatGPT's endpoint would say against a request; it takes less than the API does. */
export function complaint(request: Request, body: Record<string, unknown>): string | undefined {
  if (request.headers.get("chatgpt-account-id") !== ACCOUNT_ID) return "the account is missing";
  if (request.headers.get("content-type") !== "application/json") return "Unsupported content type";
  if ((request.headers.get("session-id") ?? "") === "") return "no session";
  if (body.stream !== true) return "Stream must be set to true";
  if (body.store !== false) return "Store must be set to false";
  if (typeof body.instructions !== "string") return "Instructions are required";
  if (JSON.stringify(body.include) !== '["reasoning.encrypted_content"]') return "include";
  if (!Array.isArray(body.input)) return "Input must be a list";
  const refused = REFUSED.find((name) => name in body);
  if (refused !== undefined) return `Unsupported parameter: ${refused}`;
  if (body.service_tier !== undefined && body.service_tier !== "priority") return "Unsupported service_tier";
  if (body.prompt_cache_key === "") return "prompt_cache_key is empty";
  if (body.tools === undefined && body.parallel_tool_calls !== undefined) return "parallel_tool_calls without tools";
  for (const tool of (body.tools ?? []) as Items) {
    if (String(tool.type).startsWith("web_search_preview")) return "unknown tool";
    if (String(tool.name ?? "").length > 64) return "tool name too long";
  }
  if (JSON.stringify(body.input).includes('"prompt_cache_breakpoint"')) return "Unsupported parameter: prompt_cache_breakpoint";
  for (const item of body.input as Items) {
    if (item.role === "system") return "System messages are not allowed";
    const { id, type = "message" } = item;
    if (typeof id === "string" && (!id.startsWith(PREFIX[String(type)] ?? "") || id.length > 64)) return `Invalid id ${id}`;
  }
  return undefined;
}

/** The last event of this endpoint holds no output: the items came before. */
function withoutOutput(text: string): string {
  return text.replace(/(event: response\.completed\ndata: )(.*)\n/, (_all, head: string, data: string) => {
    const event = JSON.parse(data) as { response: Record<string, unknown> };
    return `${head}${JSON.stringify({ ...event, response: { ...event.response, output: [] } })}\n`;
  });
}

async function answer(vendor: Pick<CodexVendor, "issuer" | "upstream" | "reply" | "headers" | "device">, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/usercode" || pathname === "/devicetoken") return vendor.device?.(pathname) ?? new Response("", { status: 404 });
  if (pathname !== "/responses" && pathname !== "/responses/compact") return refusal(404, { message: "not found" });
  if (!vendor.issuer.good.has(request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "")) return refusal(401, { message: "Provided authentication token is expired.", code: "token_expired" });
  const instead = await vendor.reply?.(request.clone());
  if (instead !== undefined) return instead;
  const body = (await request.clone().json()) as Record<string, unknown>;
  const problem = request.headers.get("accept") === "text/event-stream" ? complaint(request, body) : "Accept";
  if (problem !== undefined) return Response.json({ detail: problem }, { status: 400 });
  const reply = await vendor.upstream.fetch(request);
  if (!reply.ok) return reply;
  return new Response(withoutOutput(await reply.text()), { headers: { "content-type": "text/event-stream", ...vendor.headers } });
}

export async function startCodexVendor(options: Omit<AccountWorldOptions, "kinds"> & { readonly plan?: string; readonly expiresInMs?: number; readonly content?: Record<string, unknown>; readonly settings?: Record<string, unknown> } = {}): Promise<CodexVendor> {
  const { plan = "plus", expiresInMs = 10 * 24 * 3_600_000, content, settings, ...world } = options;
  const clock = movedClock();
  const issuer = startCodexIssuer(plan);
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "openai-responses");
  if (simulated === undefined) throw new Error("no simulated provider");
  const upstream = createSimulator(simulated.dialect, simulated.vendor, () => ({ text: "Good day" }));
  const tokens = issuer.issue();
  const parts = { upstream, issuer, clock, tokens, reply: undefined as CodexVendor["reply"], headers: {} as Record<string, string>, device: undefined as CodexVendor["device"] };
  const api = listen((request) => answer(parts, request));
  const stored = { id_token: idToken(plan), type: "codex", email: "one@example.com", account_id: ACCOUNT_ID, access_token: tokens.accessToken, refresh_token: tokens.refreshToken, expired: new Date(clock.now() + expiresInMs).toISOString(), ...content };
  const started = await startAccountWorld({
    clock, files: { [FILE]: stored }, kinds: { codex: { "base-url": api.origin, endpoints: { token: issuer.tokenUrl, device: `${api.origin}/usercode`, "device-token": `${api.origin}/devicetoken` }, ...settings } }, ...world,
  });
  return Object.assign(parts, { api, world: started });
}
