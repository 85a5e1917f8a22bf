import type { ReactNode } from "react";
import type { KeyView } from "../../../../gateway/src/management/contract/people.ts";
import { useFormat } from "../../format/use-format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Facts } from "../../ui/page.tsx";
import { accessMessages } from "./access-messages.ts";
import { BudgetBars } from "./budget-bars.tsx";
import { KEY_TONES, stateOf } from "./key-state.ts";
import type { KeyActions } from "./use-key-actions.ts";
import { LimitsText } from "./users-table.tsx";

/** One key: what it may, and what its budgets have left. */
export function KeyDetails({ shown, actions, onClose }: { readonly shown: KeyView; readonly actions: KeyActions; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const { dialects } = useMessages(domainMessages);
  const format = useFormat();
  const state = stateOf(shown);
  const list = (values: readonly string[], none: string): ReactNode => (values.length === 0 ? <span className="muted">{none}</span> : <span className="mono">{values.join(", ")}</span>);
  return (
    <Dialog
      variant="sheet"
      title={shown.name ?? messages.unnamed}
      description={shown.username ?? messages.noUser}
      onClose={onClose}
      footer={
        <>
          <Button variant="danger" onClick={() => actions.remove(shown)}>{messages.remove}</Button>
          <Button onClick={() => actions.setActive(shown, !shown.active)}>{shown.active ? messages.disable : messages.enable}</Button>
          <Button onClick={() => actions.rotate(shown)}>{messages.rotate}</Button>
          <Button variant="primary" onClick={() => actions.edit(shown)}>{messages.edit}</Button>
        </>
      }
    >
      <div className="stack">
        {shown.budgets.length > 0 && <section className="stack-tight"><h3>{messages.budgets}</h3><BudgetBars budgets={shown.budgets} /></section>}
        <Facts
          items={[
            [messages.state, <Badge key="state" dot tone={KEY_TONES[state]}>{messages.states[state]}</Badge>],
            [messages.facts.prefix, <span key="prefix" className="mono">{shown.prefix}…</span>],
            [messages.created, format.dateTime(shown.createdAt)],
            [messages.lastUsed, shown.lastUsedAt === undefined ? messages.never : format.relative(shown.lastUsedAt)],
            [messages.expires, shown.expiresAt === undefined ? messages.never : `${format.dateTime(shown.expiresAt)} (${format.relative(shown.expiresAt)})`],
            [messages.limits, <LimitsText key="limits" limits={shown.limits} />],
            [messages.facts.models, list(shown.models, messages.all)],
            [messages.standIn, list(shown.model === undefined ? [] : [shown.model], "–")],
            [messages.facts.dialects, list(shown.dialects.map((id) => dialectName(dialects, id)), messages.all)],
            [messages.facts.ip, list(shown.ipRanges, messages.anywhere)],
            [messages.tags, list(shown.tags, "–")],
          ]}
        />
      </div>
    </Dialog>
  );
}
