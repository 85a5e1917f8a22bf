import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { isAccountError } from "../../../accounts/account-error.ts";
import type { BegunLogin, LoginOptions } from "../../../accounts/login/begun-login.ts";
import { CallbackPortTaken } from "../../../accounts/login/callback-port.ts";
import { isLoginState } from "../../login-sessions.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { COOKIE_LOGIN, LOGIN_WORDS, type LoginWord } from "./login-words.ts";

const common = { tag: "Logins", auth: "management" as const };

const started = z.object({ status: z.string(), url: z.string().optional(), state: z.string().optional() }).loose();

const failures = { 500: "the port for the browser's return is taken", 501: "this login is not configured, or its terms were not agreed to", 502: "the vendor refused or could not be reached" };

const startDesks = LOGIN_WORDS.map((login) => defineDesk(
  defineOperation({
    ...common, id: `start${pascal(login.word)}Login`, method: "GET", path: `${BASE}/${login.word}-auth-url`, summary: `Begin a login at ${login.word}: the address to open, and the state to ask for`,
    query: z.object({ is_webui: z.string().optional(), project_id: z.string().optional() }), reply: started, audit: "login.begun",
    failures,
  }),
  async ({ office, query, note }) => {
    note(login.kind);
    const projectId = query.project_id?.trim() ?? "";
    const { url, state, device } = await begin(office, login, { listens: isYes(query.is_webui), ...(projectId !== "" && { choices: { project_id: projectId } }) });
    return {
      status: "ok", ...(url !== undefined && { url }), state,
      ...(device !== undefined && { flow: "device", ...(device.userCode !== "" && { user_code: device.userCode }), expires_in: Math.round(device.expiresInMs / 1000) }),
    };
  },
));

const cookieLogin = defineOperation({
  ...common, id: "iflowCookieLogin", method: "POST", path: `${BASE}/iflow-auth-url`, summary: "Log in at iFlow by a cookie of its page",
  body: z.object({ cookie: z.string().optional() }), invalidBody: "invalid body", reply: started, audit: "login.begun",
  failures: { 400: "no cookie was given, or it was refused", ...failures },
});

const status = defineOperation({
  ...common, id: "loginStatus", method: "GET", path: `${BASE}/get-auth-status`, summary: "How a login is getting on",
  query: z.object({ state: z.string().optional() }), reply: z.object({ status: z.enum(["wait", "ok", "error"]), error: z.string().optional() }),
  failures: { 400: "the state is none" },
});

const cancel = defineOperation({
  ...common, id: "cancelOauthSession", method: "DELETE", path: `${BASE}/oauth-session`, summary: "Give a login up",
  query: z.object({ state: z.string().optional() }), reply: z.object({ status: z.literal("ok"), cancelled: z.boolean() }), audit: "login.cancelled",
  failures: { 400: "the state is none" },
});

export const loginDesks: readonly Desk[] = [
  ...startDesks,
  defineDesk(cookieLogin, async ({ office, body, note }) => {
    const cookie = body.cookie?.trim() ?? "";
    if (cookie === "") throw new OfficeError(400, refused("cookie is required"));
    note(COOKIE_LOGIN.kind);
    const { finished } = await begin(office, COOKIE_LOGIN, { way: "secret", secret: cookie });
    try {
      const { file, email, expiresAt } = await finished;
      return { status: "ok", saved_path: file, ...(email !== undefined && { email }), ...(expiresAt !== undefined && { expired: new Date(expiresAt).toISOString() }), type: COOKIE_LOGIN.kind };
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

/** @throws OfficeError */
async function begin(office: Office, { kind, title }: Pick<LoginWord, "kind" | "title">, options: LoginOptions): Promise<BegunLogin> {
  const isKnown = office.accounts?.kinds.some(({ name }) => name === kind) === true;
  if (office.logins === undefined || !isKnown) throw new OfficeError(501, refused(`${title} login is not configured`));
  try {
    const login = await office.logins.begin(kind, options);
    office.loginSessions.add(login);
    return login;
  } catch (error) {
    if (error instanceof CallbackPortTaken) throw new OfficeError(500, refused(error.message));
    if (isAccountError(error)) throw new OfficeError(error.reason === "not-configured" ? 501 : 502, refused(error.message));
    throw error;
  }
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
