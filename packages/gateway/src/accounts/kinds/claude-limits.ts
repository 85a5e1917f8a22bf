// What an Anthropic subscription tells of its limits: in headers of every reply, and at an endpoint of its own.
import { isJsonObject, type FailureReading, type FailureReply, type Json, type JsonObject } from "@dragoman/core";
import type { QuotaWindow } from "../quota.ts";
import { storedTime } from "../stored-times.ts";

const PREFIX = "anthropic-ratelimit-unified";

/** The windows of the headers. `7d_oi` counts for one model only and says nothing of the others. */
const WINDOWS = [
  { key: "5h", name: "5 hours", ofModel: false },
  { key: "7d", name: "week", ofModel: false },
  { key: "7d_oi", name: "week (one model)", ofModel: true },
] as const;

/** Of `GET /api/oauth/usage`, which tells percents (seen in the field, 2026). */
const ASKED: Readonly<Record<string, string>> = { five_hour: "5 hours", seven_day: "week" };

/** Windows of a reply's headers; utilization comes as a share of 1 (seen in the field, 2026-09). */
export function windowsInHeaders(headers: Headers): readonly QuotaWindow[] | undefined {
  const windows = WINDOWS.flatMap(({ key, name }): readonly QuotaWindow[] => {
    const status = statusOf(headers, `-${key}`);
    const usedShare = Number(headers.get(`${PREFIX}-${key}-utilization`) ?? Number.NaN);
    const resetsAt = timeIn(headers.get(`${PREFIX}-${key}-reset`));
    if (status === undefined && Number.isNaN(usedShare) && resetsAt === undefined) return [];
    return [{ name, ...(!Number.isNaN(usedShare) && { usedShare }), ...(resetsAt !== undefined && { resetsAt }), exhausted: status === "rejected" }];
  });
  return windows.length === 0 ? undefined : windows;
}

export function windowsInUsage(body: JsonObject | undefined): readonly QuotaWindow[] {
  return Object.entries(body ?? {}).flatMap(([key, value]): readonly QuotaWindow[] => {
    const name = ASKED[key] ?? (key.startsWith("seven_day_") ? `week (${key.slice("seven_day_".length).replaceAll("_", " ")})` : undefined);
    if (name === undefined || !isJsonObject(value)) return [];
    const resetsAt = storedTime(value.resets_at);
    const { utilization } = value;
    return [{ name, ...(typeof utilization === "number" && { usedShare: utilization / 100, exhausted: utilization >= 100 }), ...(resetsAt !== undefined && { resetsAt }) }];
  });
}

/** Signs in bodies, as seen in the field (2026). */
const DISABLED = /This organization has been disabled/i;
const NOT_ALLOWED = /OAuth authentication is currently not allowed/i;
const FAST_WITHOUT_CREDITS = /fast[ _-]?mode/i;

/** What a failure means for a subscription, where the status alone does not say it. */
export function readClaudeFailure(reply: FailureReply): FailureReading | undefined {
  const { status, body } = reply;
  if (status === 429) return FAST_WITHOUT_CREDITS.test(body) && /credit/i.test(body) ? { kind: "request-rejected" } : limited(reply);
  if (status === 400 && DISABLED.test(body)) return { kind: "credential-rejected", credentialWide: true, end: "banned" };
  if ((status === 401 || status === 403) && NOT_ALLOWED.test(body)) return { kind: "credential-rejected", credentialWide: true };
  if (status >= 400 && status < 500 && FAST_WITHOUT_CREDITS.test(body) && /credit/i.test(body)) return { kind: "request-rejected" };
  return undefined;
}

/**
 * Rests until the latest deadline that is told and counts. Windows of the whole account rest all of it; the one of a
 * single model just that model, and then the account's common reset does not count. Without a deadline the usual
 * doubling pause holds. No spread is added: requests that wait here come back one by one.
 */
function limited({ headers, now }: FailureReply): FailureReading | undefined {
  if (headers === undefined) return undefined;
  const unified = statusOf(headers, "");
  const rejected = WINDOWS.filter(({ key }) => statusOf(headers, `-${key}`) === "rejected");
  const onlyModel = rejected.length > 0 && rejected.every(({ ofModel }) => ofModel);
  const hasStatus = unified !== undefined || WINDOWS.some(({ key }) => statusOf(headers, `-${key}`) !== undefined);
  const isRejected = unified === "rejected" || rejected.length > 0;
  const resets = onlyModel ? [] : rejected.map(({ key }) => timeIn(headers.get(`${PREFIX}-${key}-reset`)));
  if (!onlyModel && (isRejected || !hasStatus)) resets.push(timeIn(headers.get(`${PREFIX}-reset`)));
  const deadlines = [retryAt(headers.get("retry-after"), now), ...resets].filter((at) => at !== undefined && at > now) as readonly number[];
  const credentialWide = isRejected && !onlyModel;
  return { kind: "rate-limited", credentialWide, ...(deadlines.length > 0 && { retryAfterMs: Math.max(...deadlines) - now }) };
}

function statusOf(headers: Headers, window: string): string | undefined {
  return headers.get(`${PREFIX}${window}-status`)?.trim().toLowerCase();
}

/** Epoch seconds, perhaps with a fraction, or a date in either form. */
function timeIn(value: string | null): number | undefined {
  return storedTime(value satisfies Json);
}

function retryAt(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === "") return undefined;
  const seconds = Number(value);
  return Number.isNaN(seconds) ? timeIn(value) : now + seconds * 1000;
}
