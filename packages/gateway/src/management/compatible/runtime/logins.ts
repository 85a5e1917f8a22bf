import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { isLoginState } from "../../login-sessions.ts";
import type { BegunLogin, LoginOptions, LoginProvider } from "../../logins.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";

const common = { tag: "Logins", auth: "management" as const };

/** The word of the path, and what it starts. Qwen's and Kimi's vendors know no other way than a code for a device. */
const STARTERS: readonly (readonly [word: string, provider: LoginProvider])[] = [
  ["anthropic", "anthropic"], ["codex", "codex"], ["gemini-cli", "gemini"], ["qwen", "qwen"], ["iflow", "iflow"], ["antigravity", "antigravity"], ["kimi", "kimi"], ["xai", "xai"],
];

const started = z.object({ status: z.string(), url: z.string().optional(), state: z.string().optional() }).loose();

const startDesks = STARTERS.map(([word, provider]) => defineDesk(
  defineOperation({
    ...common, id: `start${pascal(word)}Login`, method: "GET", path: `${BASE}/${word}-auth-url`, summary: `Begin a login at ${word}: the address to open, and the state to ask for`,
    query: z.object({ is_webui: z.string().optional(), project_id: z.string().optional() }), reply: started, audit: "login.begun",
    failures: { 501: "this login is not configured" },
  }),
  async ({ office, query, note }) => {
    note(provider);
    const projectId = query.project_id?.trim() ?? "";
    const login = await begin(office, provider, { forward: isYes(query.is_webui), ...(projectId !== "" && { projectId }) });
    return {
      status: "ok", ...(login.url !== undefined && { url: login.url }), state: login.state,
      ...(login.device !== undefined && {
        flow: "device",
        ...(login.device.userCode !== undefined && { user_code: login.device.userCode }),
        ...(login.device.expiresInSeconds !== undefined && { expires_in: login.device.expiresInSeconds }),
      }),
    };
  },
));

const cookieLogin = defineOperation({
  ...common, id: "iflowCookieLogin", method: "POST", path: `${BASE}/iflow-auth-url`, summary: "Log in at iFlow by a cookie of its page",
  body: z.object({ cookie: z.string().optional() }), invalidBody: "invalid body", reply: started, audit: "login.begun",
  failures: { 400: "no cookie was given, or it was refused", 501: "this login is not configured" },
});

const status = defineOperation({
  ...common, id: "loginStatus", method: "GET", path: `${BASE}/get-auth-status`, summary: "How a login is getting on",
  query: z.object({ state: z.string().optional() }), reply: z.object({ status: z.enum(["wait", "ok", "error"]), error: z.string().optional() }),
  failures: { 400: "the state is none" },
});

const cancel = defineOperation({
  ...common, id: "cancelLogin", method: "DELETE", path: `${BASE}/oauth-session`, summary: "Give a login up",
  query: z.object({ state: z.string().optional() }), reply: z.object({ status: z.literal("ok"), cancelled: z.boolean() }), audit: "login.cancelled",
  failures: { 400: "the state is none" },
});

export const loginDesks: readonly Desk[] = [
  ...startDesks,
  defineDesk(cookieLogin, async ({ office, body, note }) => {
    const cookie = body.cookie?.trim() ?? "";
    if (cookie === "") throw new OfficeError(400, refused("cookie is required"));
    note("iflow");
    const { finished } = await begin(office, "iflow", { forward: false, cookie });
    try {
      const { file, email, expiresAt } = await finished;
      return { status: "ok", saved_path: file, ...(email !== undefined && { email }), ...(expiresAt !== undefined && { expired: new Date(expiresAt).toISOString() }), type: "iflow" };
    } catch (error) {
      throw new OfficeError(400, refused(error instanceof Error ? error.message : "Authentication failed"));
    }
  }),
  defineDesk(status, ({ office, query }) => {
    const { state = "" } = query;
    if (state === "") return { status: "ok" as const };
    const found = office.loginSessions.state(checkedState(state));
    if (found.kind === "unknown") return { status: "error" as const, error: "unknown or expired state" };
    if (found.kind === "failed") return { status: "error" as const, error: found.error };
    return { status: found.kind === "saved" ? "ok" as const : "wait" as const };
  }),
  defineDesk(cancel, ({ office, query }) => ({ status: "ok" as const, cancelled: office.loginSessions.cancel(checkedState(query.state ?? "")) })),
];

async function begin(office: Office, provider: LoginProvider, options: LoginOptions): Promise<BegunLogin> {
  const login = await office.ports.logins?.begin(provider, options);
  if (login === undefined) throw new OfficeError(501, refused(`${provider} login is not configured`));
  office.loginSessions.add(provider, login);
  return login;
}

/** @throws OfficeError 400 */
export function checkedState(state: string): string {
  if (!isLoginState(state)) throw new OfficeError(400, refused("invalid state"));
  return state;
}

export const refused = (error: string): { readonly status: "error"; readonly error: string } => ({ status: "error", error });

const isYes = (text: string | undefined): boolean => ["1", "true", "yes", "on"].includes(text?.trim().toLowerCase() ?? "");

function pascal(word: string): string {
  return word.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase());
}
