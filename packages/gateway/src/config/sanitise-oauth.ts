import type { TakeNote } from "./findings.ts";
import type { Config } from "./schema/index.ts";
import { tidyPatterns } from "./sanitise-lists.ts";

type Oauth = Pick<Config, "oauth-excluded-models" | "oauth-model-alias" | "oauth-request-scoped-errors">;
type Alias = Config["oauth-model-alias"][string][number];

/** Providers are named in lower case; what is written under two spellings of one name is joined. */
export function sanitiseOauth(config: Oauth, note: TakeNote): Oauth {
  const excluded = joined(config["oauth-excluded-models"]);
  const aliases = joined(config["oauth-model-alias"]);
  return {
    "oauth-excluded-models": mapValues(excluded, (patterns) => tidyPatterns(patterns)),
    "oauth-model-alias": mapValues(aliases, (list, channel) => keptAliases(list, `oauth-model-alias.${channel}`, note)),
    "oauth-request-scoped-errors": joined(config["oauth-request-scoped-errors"]),
  };
}

function joined<T>(lists: Readonly<Record<string, readonly T[]>>): Record<string, T[]> {
  const byName: Record<string, T[]> = {};
  for (const [name, list] of Object.entries(lists)) (byName[name.trim().toLowerCase()] ??= []).push(...list);
  return byName;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function keptAliases(list: readonly Alias[], path: string, note: TakeNote): Alias[] {
  const seen = new Set<string>();
  return list.filter((entry, index) => {
    const alias = entry.alias.toLowerCase();
    const reason = entry.name === "" || entry.alias === "" ? "needs both name and alias"
      : entry.name.toLowerCase() === alias ? "name and alias are the same"
      : seen.has(alias) ? "repeats an earlier alias" : undefined;
    seen.add(alias);
    if (reason !== undefined) note("dropped", `${path}[${index}]`, reason);
    return reason === undefined;
  });
}
