import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import type { LoginAnswer } from "../../../accounts/login/begun-login.ts";
import { parsePastedCallback, type PastedCallback } from "../../../accounts/login/pasted-callback.ts";
import { isLoginState } from "../../login-sessions.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { kindOfName, LOGIN_WORDS } from "./login-words.ts";
import { checkedState, refused } from "./logins.ts";

const fields = { provider: z.string().optional(), redirect_url: z.string().optional(), code: z.string().optional(), state: z.string().optional(), error: z.string().optional() };

/** The state is the secret here: who knows it began the login, so no key is asked for. */
const common = { tag: "Logins", auth: "open" as const, reply: z.object({ status: z.literal("ok") }), failures: { 400: "something is missing or does not fit", 404: "the login is unknown or over", 409: "the login does not wait for this" } };

const post = defineOperation({ ...common, id: "loginCallback", method: "POST", path: `${BASE}/oauth-callback`, summary: "Hand over the address to which the vendor sent the browser", body: z.object(fields), invalidBody: "invalid body" });
const get = defineOperation({ ...common, id: "loginCallbackByQuery", method: "GET", path: `${BASE}/oauth-callback`, summary: "The same by query", query: z.object({ ...fields, error_description: z.string().optional() }) });

type Fields = z.infer<z.ZodObject<typeof fields>> & { readonly error_description?: string | undefined };

export const loginCallbackDesks: readonly Desk[] = [
  defineDesk(post, ({ office, body }) => takeAnswer(office, body)),
  defineDesk(get, ({ office, query }) => takeAnswer(office, query)),
  ...LOGIN_WORDS.flatMap(({ path, kind }) => (path === undefined ? [] : [defineDesk(
    defineOperation({ tag: "Logins", auth: "open", id: `${path}Callback`, method: "GET", path: `/${path}/callback`, summary: "Where the vendor sends the browser back to", query: z.object({ ...fields, error_description: z.string().optional() }), replyType: "text/html" }),
    ({ office, query }) => showAnswer(office, kind, query),
  )])),
];

function takeAnswer(office: Office, asked: Fields): { status: "ok" } {
  const kind = kindAsked(asked.provider);
  const { state, ...answer } = answerOf(asked);
  if (state === "") throw new OfficeError(400, refused("state is required"));
  checkedState(state);
  if (answer.code === undefined && answer.error === undefined) throw new OfficeError(400, refused("code or error is required"));
  const owner = office.loginSessions.kindOf(state);
  if (owner === undefined) throw new OfficeError(404, refused("unknown or expired state"));
  if (kind !== undefined && kind !== owner) throw new OfficeError(400, refused("provider does not match state"));
  if (office.loginSessions.answer(state, answer) !== "taken") throw new OfficeError(409, refused("oauth flow is not pending"));
  return { status: "ok" };
}

/** By a name of CLIProxyAPI's, or the kind's own. @throws OfficeError 400 */
function kindAsked(name: string | undefined): string | undefined {
  const plain = name?.trim().toLowerCase() ?? "";
  if (plain === "") return undefined;
  const kind = kindOfName(plain);
  if (kind === undefined) throw new OfficeError(400, refused("unsupported provider"));
  return kind;
}

/** What the address says fills in what was not given. */
function answerOf(asked: Fields): LoginAnswer & { readonly state: string } {
  const pasted = pastedOf(asked.redirect_url);
  const pick = (...values: (string | undefined)[]): string | undefined => values.map((value) => value?.trim() ?? "").find((value) => value !== "");
  const code = pick(asked.code, pasted.code);
  const error = pick(asked.error, asked.error_description, pasted.error);
  return { state: pick(asked.state, pasted.state) ?? "", ...(code !== undefined && { code }), ...(error !== undefined && { error }) };
}

/** @throws OfficeError 400 */
function pastedOf(text: string | undefined): PastedCallback {
  if (text === undefined || text.trim() === "") return {};
  const pasted = parsePastedCallback(text);
  if (pasted === undefined) throw new OfficeError(400, refused("invalid redirect_url"));
  return pasted;
}

/** The same page for all: who guesses at states learns nothing. */
function showAnswer(office: Office, kind: string, asked: Fields): Response {
  const { state, ...answer } = answerOf({ ...asked, redirect_url: undefined });
  const fits = isLoginState(state) && office.loginSessions.kindOf(state) === kind && (answer.code !== undefined || answer.error !== undefined);
  if (fits) office.loginSessions.answer(state, answer);
  return new Response(PAGE, { headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; style-src 'unsafe-inline'`, "referrer-policy": "no-referrer" } });
}

const SCRIPT = "setTimeout(()=>close(),5000)";
/** SHA-256 of the script, so that the page runs this and nothing else. */
const SCRIPT_HASH = "tiAorNqJBXOxs5t5hngWhk74xypEYvOgSP6JnrkiKfg=";
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Dragoman</title><style>body{font:1.1rem system-ui;display:grid;place-items:center;min-height:90vh;color-scheme:light dark}</style><p>The login was handed over. You can close this page.</p><script>${SCRIPT}</script></html>`;
