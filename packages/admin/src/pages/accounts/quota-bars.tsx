import type { ReactNode } from "react";
import type { AccountView } from "../../../../gateway/src/management/contract/accounts.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { accountsMessages } from "./accounts-messages.ts";

/** What is left of each window that the vendor tells. */
export function QuotaBars({ quotas }: { readonly quotas: AccountView["quotas"] }): ReactNode {
  const messages = useMessages(accountsMessages);
  const format = useFormat();
  if (quotas.length === 0) return null;
  return (
    <ul className="quotas">
      {quotas.map(({ name, model, usedShare, resetsAt, exhausted }) => {
        const left = usedShare === undefined ? undefined : Math.max(0, 1 - usedShare);
        const label = model === undefined ? name : `${name} (${model})`;
        return (
          <li key={label} className="quota">
            <span className="quota-name">{label}</span>
            {left !== undefined && <meter min={0} max={1} low={0.1} optimum={1} value={left} aria-label={label} />}
            <span className={exhausted === true ? "number text-danger" : "number"}>{exhausted === true ? messages.exhausted : left === undefined ? "" : messages.left(format.percent(left))}</span>
            {resetsAt !== undefined && <span className="muted small">{messages.resets(format.dateTime(resetsAt))}</span>}
          </li>
        );
      })}
    </ul>
  );
}
