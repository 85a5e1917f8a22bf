import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { AccountVisit } from "../../account-kind.ts";
import type { QuotaWindow } from "../../quota.ts";
import { storedTime } from "../../stored-times.ts";
import { askCodeAssist } from "../google/code-assist.ts";
import { basesOf } from "./bases.ts";
import { loadAccount } from "./project.ts";
import { textOf } from "../../stored-json.ts";

/** What is left of each model, and whether there are credits. @throws AccountError */
export async function askQuotas({ facts, settings, calls }: AccountVisit): Promise<readonly QuotaWindow[]> {
  const accessToken = facts.accessToken ?? "";
  const [baseUrl = ""] = basesOf(facts, settings);
  const models = await askCodeAssist({ baseUrl, accessToken, calls }, "fetchAvailableModels", {});
  return [...modelWindows(models), ...creditWindows(await loadAccount({ accessToken, settings, calls }))];
}

function modelWindows({ models }: JsonObject): readonly QuotaWindow[] {
  return Object.entries(isJsonObject(models) ? models : {}).flatMap(([model, told]): QuotaWindow[] => {
    const quota = isJsonObject(told) && isJsonObject(told.quotaInfo) ? told.quotaInfo : undefined;
    if (quota === undefined) return [];
    const left = typeof quota.remainingFraction === "number" ? quota.remainingFraction : undefined;
    const resetsAt = storedTime(quota.resetTime);
    return [{ name: "requests", model, ...(left !== undefined && { usedShare: 1 - left, exhausted: left <= 0 }), ...(resetsAt !== undefined && { resetsAt }) }];
  });
}

/** `paidTier.availableCredits`: amounts are texts. */
function creditWindows({ paidTier }: JsonObject): readonly QuotaWindow[] {
  const list = isJsonObject(paidTier) && Array.isArray(paidTier.availableCredits) ? (paidTier.availableCredits as readonly Json[]).filter(isJsonObject) : [];
  return list.flatMap(({ creditType, creditAmount, minimumCreditAmountForUsage }): QuotaWindow[] => {
    if (textOf(creditType) !== "GOOGLE_ONE_AI") return [];
    const isEnough = Number(creditAmount ?? 0) >= Number(minimumCreditAmountForUsage ?? 0);
    return [{ name: "Google One AI credits", exhausted: !isEnough }];
  });
}
