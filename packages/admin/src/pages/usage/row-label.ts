import { useCallback } from "react";
import type { UsageRow } from "../../../../gateway/src/management/contract/usage.ts";
import { useFormat } from "../../format/use-format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { timeOf, type Group } from "./usage-question.ts";

/** What a row is called under its dimension. */
export function useRowLabel(): (row: UsageRow, group: Group) => string {
  const domain = useMessages(domainMessages);
  const format = useFormat();
  return useCallback((row, group) => {
    const value = row.dimensions[group];
    if (group === "hour" && value === undefined) return String(row.dimensions.day ?? "–");
    if (value === undefined) return group === "user" ? domain.nobody : group === "key" ? domain.noKey : "–";
    if (group === "hour") return format.dateTime(timeOf(row));
    if (group === "dialect") return dialectName(domain.dialects, String(value));
    return row.labels[group] ?? String(value);
  }, [domain, format]);
}
