import EllipsisVertical from "lucide-react/icons/ellipsis-vertical";
import RotateCcw from "lucide-react/icons/rotate-ccw";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import type { AccountView } from "../../../../gateway/src/management/contract/accounts.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Switch } from "../../ui/fields.tsx";
import { Menu } from "../../ui/menu.tsx";
import { InlineCode } from "../parts/inline-code.tsx";
import { accountsMessages } from "./accounts-messages.ts";
import { QuotaBars } from "./quota-bars.tsx";
import { useAccountActions } from "./use-account-actions.ts";

const TONES: Readonly<Record<AccountView["state"], Tone>> = {
  ready: "success", cooling: "warning", disabled: "neutral", "not-allowed": "warning", "not-configured": "warning",
  broken: "danger", expired: "danger", revoked: "danger", banned: "danger", "out-of-credit": "danger",
};

/** One account: its state, what is left, and what can be done. */
export function AccountRow({ account }: { readonly account: AccountView }): ReactNode {
  const messages = useMessages(accountsMessages);
  const format = useFormat();
  const navigate = useNavigate();
  const actions = useAccountActions(account);
  const { label, state, file, message, advice, seats } = account;
  const cooldowns = seats.flatMap(({ suffix, cooldowns }) => cooldowns.map((cooldown) => ({ ...cooldown, suffix })));
  return (
    <li className="credential">
      <div className="credential-main">
        <div className="two-lines grow">
          <span className="row"><span className="strong">{label}</span><Badge dot tone={TONES[state]}>{messages.states[state]}</Badge></span>
          <span className="muted small">{detailsOf(account, messages, format).join(" · ")}</span>
        </div>
        <div className="credential-actions">
          {cooldowns.length > 0 && <Button size="small" icon={<RotateCcw />} busy={actions.isBusy} onClick={actions.reset}>{messages.reset}</Button>}
          {!account.isPassing && <Switch hideLabel label={messages.switchOf(label)} checked={state !== "disabled"} onChange={(used) => actions.setDisabled(!used)} />}
          <Menu
            label={messages.actionsFor(label)}
            button={(props) => <IconButton label={messages.actionsFor(label)} size="small" icon={<EllipsisVertical />} {...props} />}
            items={[
              { label: messages.renew, disabled: !account.canRenew, onSelect: actions.renew },
              { label: messages.reset, onSelect: actions.reset },
              { label: messages.quota, disabled: !account.canAskQuota, onSelect: actions.askQuota },
              { label: messages.showUsage, onSelect: () => void navigate(`/usage?credential=${account.index}&range=24h`) },
              { label: messages.download, disabled: account.isPassing, onSelect: () => void actions.download() },
              { label: messages.remove, danger: true, disabled: account.isPassing, onSelect: () => void actions.remove() },
            ]}
          />
        </div>
      </div>
      <span className="mono muted small cut" title={file}>{file}</span>
      {message !== undefined && <p className={`credential-message ${TONES[state] === "danger" ? "text-danger" : "muted"}`}><InlineCode text={advice === undefined ? message : `${message}. ${advice}`} /></p>}
      <QuotaBars quotas={account.quotas} />
      {cooldowns.length > 0 && (
        <ul className="cooldowns">
          {cooldowns.map(({ suffix, model, until, kind }) => (
            <li key={`${suffix}/${model}`}><span className="mono">{[suffix, model === "*" ? messages.allModels : model].filter((word) => word !== "").join(" ")}</span>{kind !== undefined && <span className="muted">{kind}</span>}<span className="number">{messages.pausesUntil(format.dateTime(until))}</span></li>
          ))}
        </ul>
      )}
    </li>
  );
}

function detailsOf(account: AccountView, messages: typeof accountsMessages.en, format: ReturnType<typeof useFormat>): readonly string[] {
  const { plan, seats, expiresAt, renewedAt, nextRenewalAt } = account;
  return [
    ...(account.isSubscription ? [messages.subscription] : []),
    ...(account.isPassing ? [messages.passing] : []),
    ...(plan === undefined ? [] : [messages.plan(plan)]),
    ...(seats.length > 1 ? [messages.seats(format.number(seats.length))] : []),
    ...(expiresAt === undefined ? [] : [messages.endsIn(format.dateTime(expiresAt))]),
    ...(renewedAt === undefined ? [] : [messages.renewedAt(format.dateTime(renewedAt))]),
    ...(nextRenewalAt === undefined ? [] : [messages.nextAt(format.dateTime(nextRenewalAt))]),
  ];
}
