import { z } from "zod";
import { BASE, defineOperation, time } from "./operation.ts";

const common = { tag: "Session", auth: "open" as const };

/**
 * Sessions of the web page. The cookie is HttpOnly and SameSite=Strict; requests that change something must also carry
 * `x-dragoman-session: 1`, which no form and no foreign page can send.
 */
export const sessionOperations = {
  getSession: defineOperation({ ...common, id: "getSession", method: "GET", path: `${BASE}/session`, summary: "Is somebody signed in?", reply: z.strictObject({ signedIn: z.boolean(), expiresAt: time.optional(), /** No management key is set yet, and this browser came by the link that was printed. */ setup: z.boolean(), version: z.string().optional() }) }),
  signIn: defineOperation({ ...common, id: "signIn", method: "POST", path: `${BASE}/session`, summary: "Sign in with the management key", body: z.strictObject({ key: z.string().min(1) }), reply: z.strictObject({ signedIn: z.literal(true), expiresAt: time }), failures: { 401: "the key is wrong", 403: "too many failures, or remote management is off" } }),
  signOut: defineOperation({ ...common, id: "signOut", method: "DELETE", path: `${BASE}/session`, summary: "Sign out", status: 204 }),
  /** First run: the terminal printed a link with a one-time token. */
  beginSetup: defineOperation({ ...common, id: "beginSetup", method: "POST", path: `${BASE}/setup`, summary: "First run: set the management key with the one-time token of the printed link; signs in", body: z.strictObject({ token: z.string().min(1), key: z.string().min(8).max(72).optional().describe("made by the server when absent") }), reply: z.strictObject({ key: z.string().optional().describe("when the server made it; shown once"), expiresAt: time }), audit: "setup.begun", failures: { 403: "the token is wrong, used or too old" } }),
  checkSetup: defineOperation({ tag: "Session", auth: "management" as const, id: "checkSetup", method: "GET", path: `${BASE}/setup`, summary: "What of the first steps is done", reply: z.strictObject({ managementKey: z.boolean(), upstream: z.boolean(), clientKey: z.boolean(), firstCall: z.boolean() }) }),
};

