import { z } from "zod";
import { BASE, defineOperation, ok, time } from "./operation.ts";

const common = { tag: "Accounts", auth: "management" as const };
const state = z.strictObject({ state: z.string().min(1).max(128) });
const file = z.strictObject({ file: z.string().min(1) });

export const quotaView = z.strictObject({
  name: z.string().describe("for people: `5 hours`, `week`"), usedShare: z.number().optional().describe("0 to 1"), resetsAt: time.optional(),
  exhausted: z.boolean().optional(), model: z.string().optional(),
});

export const accountView = z.strictObject({
  file: z.string(), index: z.string().describe("16 hex digits; `auth_index` elsewhere"), kind: z.string(), title: z.string(), label: z.string(), plan: z.string().optional(),
  state: z.enum(["ready", "cooling", "disabled", "not-allowed", "not-configured", "broken", "expired", "revoked", "banned", "out-of-credit"]),
  message: z.string().optional().describe("why it is not ready"), advice: z.string().optional().describe("what to do about it"),
  isSubscription: z.boolean(), isPassing: z.boolean().describe("it stands in no file"), expiresAt: time.optional(), renewedAt: time.optional(), nextRenewalAt: time.optional(),
  canRenew: z.boolean(), canAskQuota: z.boolean(), quotas: z.array(quotaView),
  seats: z.array(z.strictObject({
    index: z.string(), id: z.string(), suffix: z.string(),
    cooldowns: z.array(z.strictObject({ model: z.string().describe("`*` is all of them"), until: time, kind: z.string().optional(), fromVendor: z.boolean() })),
  })),
});
export type AccountView = z.infer<typeof accountView>;

export const accountKindView = z.strictObject({
  name: z.string(), title: z.string(), terms: z.string().optional(), isAllowed: z.boolean().describe("its terms were agreed to, or it has none"), missing: z.string().optional().describe("a setting without which nobody can log in"),
  ways: z.array(z.strictObject({ type: z.enum(["browser", "device", "secret"]), asks: z.string().optional(), isFile: z.boolean().optional() })),
  choices: z.array(z.strictObject({ name: z.string(), label: z.string(), hint: z.string() })).describe("what a person may choose before a login"),
});
export type AccountKindView = z.infer<typeof accountKindView>;

export const accountOperations = {
  accounts: defineOperation({ ...common, id: "accounts", method: "GET", path: `${BASE}/accounts`, summary: "Stored logins: state, quotas, pauses, and what to do", reply: z.strictObject({ accounts: z.array(accountView), kinds: z.array(accountKindView), subscriptions: z.union([z.boolean(), z.array(z.string())]).describe("`accounts.subscriptions` of the configuration: all, none, or those of these kinds"), unread: z.array(z.strictObject({ file: z.string(), reason: z.string() })), directory: z.string() }), failures: { 503: "the host keeps no logins" } }),
  renewAccount: defineOperation({ ...common, id: "renewAccount", method: "POST", path: `${BASE}/accounts/{file}/renew`, summary: "Get a new token now", params: file, reply: accountView, audit: "account.renewed", failures: { 404: "there is no such account", 409: "accounts of this kind are not renewed", 502: "the vendor refused or could not be reached" } }),
  resetAccount: defineOperation({ ...common, id: "resetAccount", method: "POST", path: `${BASE}/accounts/{file}/reset`, summary: "End all pauses of an account, and try one again that was over", params: file, reply: accountView, audit: "account.reset", failures: { 404: "there is no such account" } }),
  askQuota: defineOperation({ ...common, id: "askQuota", method: "POST", path: `${BASE}/accounts/{file}/quota`, summary: "Ask the vendor what is left", params: file, reply: accountView, failures: { 404: "there is no such account", 409: "the vendor does not tell", 502: "the vendor refused or could not be reached" } }),
  setAccount: defineOperation({ ...common, id: "setAccount", method: "PATCH", path: `${BASE}/accounts/{file}`, summary: "Switch an account off or on", params: file, body: z.strictObject({ disabled: z.boolean() }), reply: ok, audit: "account.switched", failures: { 404: "there is no such account" } }),
  beginLogin: defineOperation({ ...common, id: "beginLogin", method: "POST", path: `${BASE}/logins`, summary: "Begin a login at a vendor", body: z.strictObject({ kind: z.string(), way: z.enum(["browser", "device", "secret"]).optional(), secret: z.string().optional().describe("a cookie, a key, or a file's text; not kept in any log"), choices: z.record(z.string(), z.string()).optional().describe("e.g. `project_id`") }), reply: z.strictObject({ state: z.string(), url: z.string().optional(), device: z.strictObject({ userCode: z.string(), expiresInMs: z.number() }).optional(), callbackPort: z.number().optional() }), audit: "login.begun", failures: { 409: "the login is not configured, or its terms were not agreed to", 502: "the vendor refused or could not be reached" } }),
  loginState: defineOperation({ ...common, id: "loginState", method: "GET", path: `${BASE}/logins/{state}`, summary: "How a login stands", params: state, reply: z.strictObject({ state: z.enum(["pending", "saved", "failed", "unknown"]), error: z.string().optional(), file: z.string().optional(), label: z.string().optional() }) }),
  answerLogin: defineOperation({ ...common, id: "answerLogin", method: "POST", path: `${BASE}/logins/{state}/answer`, summary: "Hand over the address, or the code, that the browser ended at", params: state, body: z.strictObject({ pasted: z.string().min(1) }), reply: ok, failures: { 400: "that is neither an address nor a code", 404: "there is no such login", 409: "it is over" } }),
  cancelLogin: defineOperation({ ...common, id: "cancelLogin", method: "DELETE", path: `${BASE}/logins/{state}`, summary: "Give a login up", params: state, reply: ok }),
  removeAccount: defineOperation({ ...common, id: "removeAccount", method: "DELETE", path: `${BASE}/accounts/{file}`, summary: "Remove a stored login", params: file, reply: ok, audit: "account.removed", failures: { 404: "there is no such account" } }),
};
