import { AccountError } from "../account-error.ts";
import type { BegunLogin, LoginOptions } from "./begun-login.ts";
import type { CallbackDoors } from "./callback-doors.ts";
import type { BrowserLogin } from "./login-flow.ts";
import type { LoginRun } from "./login-run.ts";
import { createProofKey } from "./pkce.ts";

/** Whoever has not come back by then has given up. */
const PATIENCE_MS = 5 * 60_000;

/** The parts of a begun login that only a browser's has. @throws CallbackPortTaken, and what the kind throws */
export async function beginInBrowser(run: LoginRun, flow: BrowserLogin, { doors, ...options }: LoginOptions & { readonly doors?: CallbackDoors | undefined }): Promise<Pick<BegunLogin, "url" | "answer" | "redirectUri" | "callbackPort">> {
  const { visit, state } = run;
  const port = options.callbackPort ?? visit.settings.callbackPort ?? flow.callback.port;
  const redirectUri = `http://localhost:${flow.callback.anyPort === true ? port : flow.callback.port}${flow.callback.path}`;
  const { verifier, challenge } = await createProofKey(flow.verifierLength, (length) => visit.calls.random(length));
  const url = await flow.authorizeUrl({ state, redirectUri, challenge }, visit);
  let isAnswered = false;
  const answer: BegunLogin["answer"] = ({ code, error }) => {
    if (isAnswered || run.isOver) return false;
    isAnswered = true;
    if (error !== undefined || code === undefined) run.fail(new AccountError("denied", `the vendor sent the browser back with ${(error ?? "nothing").slice(0, 200)}`));
    else {
      visit.tell("Getting tokens for the code.");
      run.endWith(flow.exchange({ code, state, redirectUri, verifier }, visit));
    }
    return true;
  };
  visit.calls.pause(PATIENCE_MS).then(() => {
    if (!isAnswered) run.fail(new AccountError("expired", "the browser did not come back within 5 minutes"));
  }, () => undefined);
  if (options.listens !== true || doors === undefined) return { url, answer, redirectUri };
  const { callback: { path } } = flow;
  return { url, answer, redirectUri, callbackPort: await doors.open({ port, path, state, answer, finished: run.finished }) };
}
