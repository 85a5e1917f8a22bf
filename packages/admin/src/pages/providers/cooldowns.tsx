import Timer from "lucide-react/icons/timer";
import { useEffect, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useNow } from "../parts/use-now.ts";
import type { Credential } from "./credential-row.tsx";
import { providersMessages } from "./providers-messages.ts";

/** What pauses, why, and how long still. When one ends the state is read again. */
export function Cooldowns({ cooldowns }: { readonly cooldowns: Credential["cooldowns"] }): ReactNode {
  const messages = useMessages(providersMessages);
  const kinds = messages.kinds as Readonly<Record<string, string>>;
  const format = useFormat();
  const queries = useQueryClient();
  const now = useNow(true);
  const over = cooldowns.some(({ until }) => until <= now);
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: ["providers"] });
  }, [over, queries]);
  return (
    <ul className="cooldowns">
      {cooldowns.map(({ model, until, kind, fromVendor }) => (
        <li key={model} title={`${format.dateTime(until)}${fromVendor ? ` · ${messages.saidByVendor}` : ""}`}>
          <Timer aria-hidden="true" />
          <span className="mono">{model === "*" ? messages.allModels : model}</span>
          {kind !== undefined && <span className="muted">{kinds[kind] ?? kind}</span>}
          <span className="number strong">{until <= now ? messages.over : messages.pausesFor(countdown(until - now))}</span>
        </li>
      ))}
    </ul>
  );
}

/** 1:05, 2:09:00; days in front when there are any. */
export function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  if (hours === 0) return rest.replace(/^0/, "");
  return hours < 24 ? `${hours}:${rest}` : `${Math.floor(hours / 24)} d ${hours % 24}:${rest}`;
}
