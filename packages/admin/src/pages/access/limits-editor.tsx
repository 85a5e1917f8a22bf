import Plus from "lucide-react/icons/plus";
import Trash2 from "lucide-react/icons/trash-2";
import type { ReactNode } from "react";
import type { UserView } from "../../../../gateway/src/management/contract/people.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { NumberField, SelectField } from "../../ui/fields.tsx";
import { accessMessages } from "./access-messages.ts";

export type Limits = UserView["limits"];
type Budget = NonNullable<Limits["budgets"]>[number];
type BudgetWindow = Budget["window"];
const BUDGET_WINDOWS = Object.keys(domainMessages.en.windows) as readonly BudgetWindow[];
const RATES = ["requestsPerMinute", "tokensPerMinute", "concurrentRequests"] as const;

/** Rates and budgets of a key or a user. Empty fields mean no limit. */
export function LimitsEditor({ limits, onChange, hint }: { readonly limits: Limits; readonly onChange: (limits: Limits) => void; readonly hint?: string }): ReactNode {
  const messages = useMessages(accessMessages);
  const budgets = limits.budgets ?? [];
  const setBudgets = (next: readonly Budget[]): void => onChange(withoutEmpty({ ...limits, budgets: next.length === 0 ? undefined : [...next] }));
  return (
    <fieldset className="form-section">
      <legend>{messages.limits}</legend>
      {hint !== undefined && <p className="field-hint">{hint}</p>}
      <div className="fields-3">
        {RATES.map((name) => <NumberField key={name} label={messages[name]} min={1} step={1} placeholder={messages.noLimit} value={limits[name]} onChange={(value) => onChange(withoutEmpty({ ...limits, [name]: value }))} />)}
      </div>
      <div className="stack-tight">
        <p className="field-label">{messages.budgets}</p>
        {budgets.map((budget, place) => (
          <BudgetRow key={place} budget={budget} onChange={(next) => setBudgets(budgets.map((other, index) => (index === place ? next : other)))} onRemove={() => setBudgets(budgets.filter((_other, index) => index !== place))} />
        ))}
        <div><Button size="small" icon={<Plus />} onClick={() => setBudgets([...budgets, { window: BUDGET_WINDOWS.find((window) => window !== "5h" && !budgets.some((budget) => budget.window === window)) ?? "month" }])}>{messages.addBudget}</Button></div>
        {budgets.length > 0 && <p className="field-hint">{messages.budgetsHint}</p>}
      </div>
    </fieldset>
  );
}

function BudgetRow({ budget, onChange, onRemove }: { readonly budget: Budget; readonly onChange: (budget: Budget) => void; readonly onRemove: () => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const { windows } = useMessages(domainMessages);
  return (
    <div className="budget-row">
      <SelectField<BudgetWindow> label={messages.window} value={budget.window} onChange={(window) => onChange({ ...budget, window })} options={BUDGET_WINDOWS.map((value) => ({ value, label: windows[value] }))} />
      <NumberField label={messages.dollars} unit="$" min={0} step="any" placeholder={messages.noLimit} value={budget.usd} onChange={(usd) => onChange(withoutEmpty({ ...budget, usd }))} />
      <NumberField label={messages.tokens} min={1} step={1} placeholder={messages.noLimit} value={budget.tokens} onChange={(tokens) => onChange(withoutEmpty({ ...budget, tokens }))} />
      <IconButton label={messages.removeBudget} icon={<Trash2 />} onClick={onRemove} />
    </div>
  );
}

/** Budgets without dollars and tokens limit nothing, and the server refuses them. */
export function hasEmptyBudget({ budgets = [] }: Limits): boolean {
  return budgets.some(({ usd, tokens }) => usd === undefined && tokens === undefined);
}

function withoutEmpty<T extends object>(value: { readonly [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
