import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import type { LoginAnswer, LoginProvider } from "../../logins.ts";
import { isLoginState } from "../../login-sessions.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { checkedState, refused } from "./logins.ts";

/** Other names under which pages know the providers. */
const NAMES: Readonly<Record<string, LoginProvider>> = {
  anthropic: "anthropic", claude: "anthropic", codex: "codex", openai: "codex", gemini: "gemini", google: "gemini", qwen: "qwen", iflow: "iflow",
  antigravity: "antigravity", "anti-gravity": "antigravity", kimi: "kimi", xai: "xai", "x-ai": "xai", "x.ai": "xai", grok: "xai",
};

const fields = { provider: z.string().optional(), redirect_url: z.string().optional(), code: z.string().optional(), state: z.string().optional(), error: z.string().optional() };

/** The state is the secret here: who knows it began the login, so no key is asked for. */
const common = { tag: "Logins", auth: "open" as const, reply: z.object({ status: z.literal("ok") }), failures: { 400: "something is missing or does not fit", 404: "the login is unknown or over", 409: "the login does not wait for this" } };

const post = defineOperation({ ...common, id: "loginCallback", method: "POST", path: `${BASE}/oauth-callback`, summary: "Hand over the address to which the vendor sent the browser", body: z.object(fields), invalidBody: "invalid body" });
const get = defineOperation({ ...common, id: "loginCallbackByQuery", method: "GET", path: `${BASE}/oauth-callback`, summary: "The same by query", query: z.object({ ...fields, error_description: z.string().optional() }) });

type Fields = z.infer<z.ZodObject<typeof fields>> & { readonly error_description?: string | undefined };

export const loginCallbackDesks: readonly Desk[] = [
  defineDesk(post, ({ office, body }) => takeAnswer(office, body)),
  defineDesk(get, ({ office, query }) => takeAnswer(office, query)),
  ...([["anthropic", "anthropic"], ["codex", "codex"], ["google", "gemini"], ["iflow", "iflow"], ["antigravity", "antigravity"]] as const).map(([word, provider]) => defineDesk(
    defineOperation({ tag: "Logins", auth: "open", id: `${word}Callback`, method: "GET", path: `/${word}/callback`, summary: "Where the vendor sends the browser back to", query: z.object({ ...fields, error_description: z.string().optional() }), replyType: "text/html" }),
    ({ office, query }) => showAnswer(office, provider, query),
  )),
];

async function takeAnswer(office: Office, asked: Fields): Promise<{ status: "ok" }> {
  const provider = providerOf(asked.provider);
  const { state, ...answer } = answerOf(asked);
  if (state === "") throw new OfficeError(400, refused("state is required"));
  checkedState(state);
  if (answer.code === undefined && answer.error === undefined) throw new OfficeError(400, refused("code or error is required"));
  const owner = office.loginSessions.providerOf(state);
  if (owner === undefined) throw new OfficeError(404, refused("unknown or expired state"));
  if (provider !== undefined && provider !== owner) throw new OfficeError(400, refused("provider does not match state"));
  if ((await handOver(office, state, answer)) !== "taken") throw new OfficeError(409, refused("oauth flow is not pending"));
  return { status: "ok" };
}

async function handOver(office: Office, state: string, answer: LoginAnswer): ReturnType<Office["loginSessions"]["answer"]> {
  try {
    return await office.loginSessions.answer(state, answer);
  } catch {
    throw new OfficeError(500, refused("failed to persist oauth callback"));
  }
}

function providerOf(name: string | undefined): LoginProvider | undefined {
  const plain = name?.trim().toLowerCase() ?? "";
  if (plain === "") return undefined;
  const provider = Object.hasOwn(NAMES, plain) ? NAMES[plain] : undefined;
  if (provider === undefined) throw new OfficeError(400, refused("unsupported provider"));
  return provider;
}

/** What the address says fills in what was not given. */
function answerOf(asked: Fields): LoginAnswer & { readonly state: string } {
  const query = queryOf(asked.redirect_url);
  const pick = (...values: (string | null | undefined)[]): string | undefined => values.map((value) => value?.trim() ?? "").find((value) => value !== "");
  const code = pick(asked.code, query.get("code"));
  const error = pick(asked.error, asked.error_description, query.get("error"), query.get("error_description"));
  return { state: pick(asked.state, query.get("state")) ?? "", ...(code !== undefined && { code }), ...(error !== undefined && { error }) };
}

function queryOf(address: string | undefined): URLSearchParams {
  const text = address?.trim() ?? "";
  if (text === "") return new URLSearchParams();
  if (!URL.canParse(text)) throw new OfficeError(400, refused("invalid redirect_url"));
  return new URL(text).searchParams;
}

/** The same page for all: who guesses at states learns nothing. */
async function showAnswer(office: Office, provider: LoginProvider, asked: Fields): Promise<Response> {
  const { state, ...answer } = answerOf({ ...asked, redirect_url: undefined });
  const fits = isLoginState(state) && office.loginSessions.providerOf(state) === provider && (answer.code !== undefined || answer.error !== undefined);
  if (fits) await office.loginSessions.answer(state, answer).catch(() => undefined);
  return new Response(PAGE, { headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; style-src 'unsafe-inline'`, "referrer-policy": "no-referrer" } });
}

const SCRIPT = "setTimeout(()=>close(),5000)";
/** SHA-256 of the script, so that the page runs this and nothing else. */
const SCRIPT_HASH = "tiAorNqJBXOxs5t5hngWhk74xypEYvOgSP6JnrkiKfg=";
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Dragoman</title><style>body{font:1.1rem system-ui;display:grid;place-items:center;min-height:90vh;color-scheme:light dark}</style><p>The login was handed over. You can close this page.</p><script>${SCRIPT}</script></html>`;
