// Google's Code Assist, as far as it is about accounts: tiers, projects, quotas. Calls are `POST /v1internal:<method>`.
import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import { tokenError } from "../../token-request.ts";
import type { VendorCalls } from "../../vendor-calls.ts";
import { textOf } from "../../stored-json.ts";

export interface CodeAssist {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly accessToken: string;
  readonly calls: VendorCalls;
}

/** @throws AccountError */
export async function askCodeAssist({ baseUrl, accessToken, calls }: CodeAssist, method: string, body: JsonObject): Promise<JsonObject> {
  const reply = await calls.json(`${baseUrl}/v1internal:${method}`, body, { authorization: `Bearer ${accessToken}` });
  if (!reply.ok) throw tokenError(reply, calls.now());
  if (reply.body === undefined) throw new AccountError("malformed", `${method} answered no JSON object`);
  return reply.body;
}

export interface Onboarding {
  /** Sent each time: the operation is polled by asking anew. */
  readonly body: JsonObject;
  readonly pauseMs: number;
  /** Times it is asked at most. */
  readonly tries: number;
}

/** Asks until the account is set up. @returns the final answer, or `undefined` when it took too long @throws AccountError */
export async function onboardUser(codeAssist: CodeAssist, { body, pauseMs, tries }: Onboarding): Promise<JsonObject | undefined> {
  for (let asked = 1; ; asked += 1) {
    const operation = await askCodeAssist(codeAssist, "onboardUser", body);
    if (operation.done === true) return isJsonObject(operation.response) ? operation.response : {};
    if (asked === tries) return undefined;
    await codeAssist.calls.pause(pauseMs);
  }
}

/** A project is told as text, or as an object with an `id`. */
export function projectIn(value: Json | undefined): string | undefined {
  return isJsonObject(value) ? textOf(value.id) : textOf(value);
}

/** `id` of the tier that is offered by default. */
export function defaultTier({ allowedTiers }: JsonObject): string | undefined {
  const tiers = (Array.isArray(allowedTiers) ? (allowedTiers as readonly Json[]) : []).filter(isJsonObject);
  return textOf(tiers.find(({ isDefault }) => isDefault === true)?.id);
}
