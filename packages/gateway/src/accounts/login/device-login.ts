import { AccountError, isAccountError } from "../account-error.ts";
import type { BegunLogin } from "./begun-login.ts";
import type { DeviceAnswer, DeviceGrant, DeviceLogin, LoginVisit, NewAccount } from "./login-flow.ts";
import type { LoginRun } from "./login-run.ts";

/** No vendor is asked more often, whatever it says (RFC 8628, section 3.2, names this one). */
const LEAST_INTERVAL_MS = 5000;

/** The parts of a begun login that only a device's has. @throws what the kind throws */
export async function beginOnDevice(run: LoginRun, flow: DeviceLogin): Promise<Pick<BegunLogin, "url" | "answer" | "device">> {
  const grant = await flow.begin(run.visit);
  run.endWith(askUntilDone(flow, grant, run.visit));
  return {
    url: grant.completeUrl ?? grant.verificationUrl,
    device: { userCode: grant.userCode, expiresInMs: grant.expiresInMs },
    answer: () => false,
  };
}

async function askUntilDone(flow: DeviceLogin, grant: DeviceGrant, visit: LoginVisit): Promise<NewAccount> {
  const { calls } = visit;
  const endsAt = calls.now() + grant.expiresInMs;
  let intervalMs = Math.max(grant.intervalMs, LEAST_INTERVAL_MS);
  let waitMs = grant.asksAtOnce === true ? 0 : intervalMs;
  for (;;) {
    if (waitMs > 0) await calls.pause(waitMs);
    if (calls.now() >= endsAt) throw new AccountError("expired", "the code has run out; begin again");
    const answer = await ask(flow, { ...grant, intervalMs }, visit);
    if (answer.type === "done") return answer.account;
    if (answer.type === "slow-down") intervalMs = Math.max(answer.intervalMs ?? intervalMs + LEAST_INTERVAL_MS, LEAST_INTERVAL_MS);
    waitMs = Math.max(intervalMs, answer.type === "away" ? answer.retryAfterMs : 0);
  }
}

/** A vendor that cannot be reached for a moment is asked again. */
async function ask(flow: DeviceLogin, grant: DeviceGrant, visit: LoginVisit): Promise<DeviceAnswer | { readonly type: "away"; readonly retryAfterMs: number }> {
  try {
    return await flow.poll(grant, visit);
  } catch (error) {
    if (isAccountError(error) && error.reason === "unavailable") return { type: "away", retryAfterMs: error.retryAfterMs ?? 0 };
    throw error;
  }
}
