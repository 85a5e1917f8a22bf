import { isAccountError } from "../../accounts/account-error.ts";
import { CallbackPortTaken } from "../../accounts/login/callback-port.ts";
import { parsePastedCallback } from "../../accounts/login/pasted-callback.ts";
import { accountOperations } from "../contract/accounts.ts";
import { defineDesk, OfficeError, type Desk } from "../office.ts";

const operations = accountOperations;

export const loginDesks: readonly Desk[] = [
  defineDesk(operations.beginLogin, async ({ office, body, note }) => {
    const { kind, way, secret, choices } = body;
    note(kind, { way: way ?? "usual" });
    if (office.logins === undefined) throw new OfficeError(409, "the host keeps no logins");
    try {
      const login = await office.logins.begin(kind, { listens: true, ...(way !== undefined && { way }), ...(secret !== undefined && { secret }), ...(choices !== undefined && { choices }) });
      office.loginSessions.add(login);
      const { state, url, device, callbackPort } = login;
      return { state, ...(url !== undefined && { url }), ...(device !== undefined && { device: { ...device } }), ...(callbackPort !== undefined && { callbackPort }) };
    } catch (error) {
      if (error instanceof CallbackPortTaken) throw new OfficeError(409, error.message);
      if (isAccountError(error)) throw new OfficeError(error.reason === "not-configured" ? 409 : 502, error.message);
      throw error;
    }
  }),

  defineDesk(operations.loginState, ({ office, params }) => {
    const found = office.loginSessions.state(params.state);
    if (found.kind === "failed") return { state: found.kind, error: found.error };
    return found.kind === "saved" ? { state: found.kind, file: found.saved.file, label: found.saved.label } : { state: found.kind };
  }),

  defineDesk(operations.answerLogin, ({ office, params, body }) => {
    const pasted = parsePastedCallback(body.pasted);
    if (pasted === undefined || (pasted.code === undefined && pasted.error === undefined)) throw new OfficeError(400, { error: "that is neither the address nor the code that the vendor's page showed", path: "pasted" });
    if (pasted.state !== undefined && pasted.state !== params.state) throw new OfficeError(400, { error: "that belongs to another login", path: "pasted" });
    const { code, error } = pasted;
    const taken = office.loginSessions.answer(params.state, { ...(code !== undefined && { code }), ...(error !== undefined && { error }) });
    if (taken === "unknown") throw new OfficeError(404, "there is no such login");
    if (taken === "not-pending") throw new OfficeError(409, "the login is over");
    return { status: "ok" as const };
  }),

  defineDesk(operations.cancelLogin, ({ office, params }) => {
    office.loginSessions.cancel(params.state);
    return { status: "ok" as const };
  }),
];
