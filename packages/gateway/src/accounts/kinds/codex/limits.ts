// What ChatGPT accounts tell of their limits: in headers as its own program reads them (seen in the field, 2026-08), and
// at an endpoint of its own.
import { isJsonObject, type FailureReading, type FailureReply, type Json, type JsonObject } from "@dragoman/core";
import { AccountError } from "../../account-error.ts";
import type { AccountVisit } from "../../account-kind.ts";
import { endpointOf } from "../../kind-settings.ts";
import type { QuotaWindow } from "../../quota.ts";

export function windowsInHeaders(headers: Headers, now: number): readonly QuotaWindow[] | undefined {
  const windows = ["primary", "secondary"].flatMap((slot) => {
    const read = (name: string): number | undefined => numberOf(headers.get(`x-codex-${slot}-${name}`));
    const after = read("reset-after-seconds");
    const at = read("reset-at");
    return windowOf({ percent: read("used-percent"), minutes: read("window-minutes"), resetsAt: at === undefined ? (after === undefined ? undefined : now + after * 1000) : at * 1000 });
  });
  return windows.length === 0 ? undefined : windows;
}

/** @throws AccountError */
export async function askWindows({ facts, settings, calls }: AccountVisit): Promise<readonly QuotaWindow[]> {
  const accountId = facts.values?.accountId;
  const reply = await calls.get(endpointOf(settings, "usage"), { authorization: `Bearer ${facts.accessToken ?? ""}`, ...(accountId !== undefined && { "chatgpt-account-id": accountId }) });
  if (!reply.ok) throw new AccountError(reply.status === 429 || reply.status >= 500 ? "unavailable" : "refused", `the vendor answered status ${reply.status}`);
  const limits: JsonObject = isJsonObject(reply.body?.rate_limit) ? reply.body.rate_limit : {};
  return [limits.primary_window, limits.secondary_window].filter((window): window is JsonObject => window !== undefined && isJsonObject(window)).flatMap((window) => {
    const seconds = numberOf(window.limit_window_seconds);
    const at = numberOf(window.reset_at);
    return windowOf({ percent: numberOf(window.used_percent), minutes: seconds === undefined ? undefined : seconds / 60, resetsAt: at === undefined ? undefined : at * 1000 });
  });
}

interface ToldWindow {
  readonly percent: number | undefined;
  readonly minutes: number | undefined;
  readonly resetsAt: number | undefined;
}

/** A window without a length is none: the vendor fills the slots that a plan has not with zeros. */
function windowOf({ percent, minutes, resetsAt }: ToldWindow): readonly QuotaWindow[] {
  if (percent === undefined || minutes === undefined || minutes <= 0) return [];
  return [{ name: nameOf(minutes), usedShare: percent / 100, exhausted: percent >= 100, ...(resetsAt !== undefined && { resetsAt }) }];
}

function nameOf(minutes: number): string {
  if (minutes === 7 * 24 * 60) return "week";
  if (minutes % (24 * 60) === 0) return `${minutes / (24 * 60)} days`;
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}

function numberOf(value: Json | undefined): number | undefined {
  const number = value === null || value === undefined || value === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Signs in bodies; the rest is told by status and by the dialect (`usage_limit_reached`, "at capacity"). */
export function readCodexFailure({ status, body }: FailureReply): FailureReading | undefined {
  // Both as seen in the field (2026-04): the former is for good, the latter has been seen to pass.
  if (body.includes("account_deactivated")) return { kind: "credential-rejected", credentialWide: true, end: "banned" };
  if (body.includes("deactivated_workspace")) return { kind: "quota-exhausted", credentialWide: true };
  return status === 413 ? { kind: "request-rejected" } : undefined;
}
