import type { ReactNode } from "react";
import type { KeyView } from "../../../../gateway/src/management/contract/people.ts";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { accessMessages } from "./access-messages.ts";
import { shareOf } from "./key-state.ts";

type BudgetState = KeyView["budgets"][number];

/** What is used of each budget, and when it begins anew. */
export function BudgetBars({ budgets }: { readonly budgets: readonly BudgetState[] }): ReactNode {
  const messages = useMessages(accessMessages);
  const { windows } = useMessages(domainMessages) as { windows: Readonly<Record<string, string>> };
  const format = useFormat();
  return (
    <ul className="budgets">
      {budgets.map((budget, place) => (
        <li key={place}>
          <div className="row row-apart">
            <span className="strong">{windows[budget.window] ?? budget.window}</span>
            {budget.resetsAt !== undefined && <span className="muted small">{messages.resets(format.relative(budget.resetsAt))}</span>}
          </div>
          {budget.limitUsd !== undefined && <Bar share={budget.usedUsd / budget.limitUsd} text={messages.usedOf(format.money(budget.usedUsd), format.money(budget.limitUsd))} />}
          {budget.limitTokens !== undefined && <Bar share={budget.usedTokens / budget.limitTokens} text={messages.usedOf(format.compact(budget.usedTokens), format.compact(budget.limitTokens))} />}
        </li>
      ))}
    </ul>
  );
}

function Bar({ share, text }: { readonly share: number; readonly text: string }): ReactNode {
  const format = useFormat();
  return (
    <div className="budget-line">
      <span className={`meter meter-wide ${toneOfShare(share)}`} role="meter" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(Math.min(1, share) * 100)} aria-label={text}><span style={{ width: `${Math.min(100, share * 100)}%` }} /></span>
      <span className="small number">{text}</span>
      <span className="small muted number">{format.percent(share, 0)}</span>
    </div>
  );
}

/** The fullest budget as a small bar, for tables. */
export function BudgetMeter({ budget }: { readonly budget: BudgetState }): ReactNode {
  const { windows } = useMessages(domainMessages) as { windows: Readonly<Record<string, string>> };
  const format = useFormat();
  const share = shareOf(budget);
  return (
    <span className="budget-small">
      <span className={`meter ${toneOfShare(share)}`}><span style={{ width: `${Math.min(100, share * 100)}%` }} /></span>
      <span className="small muted number">{format.percent(share, 0)} · {windows[budget.window] ?? budget.window}</span>
    </span>
  );
}

const toneOfShare = (share: number): string => (share >= 1 ? "tone-danger" : share >= 0.8 ? "tone-warning" : "tone-accent");
