import EllipsisVertical from "lucide-react/icons/ellipsis-vertical";
import FlaskConical from "lucide-react/icons/flask-conical";
import RotateCcw from "lucide-react/icons/rotate-ccw";
import { useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import type { UpstreamView } from "../../../../gateway/src/management/contract/house.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Switch } from "../../ui/fields.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Cooldowns } from "./cooldowns.tsx";
import { providersMessages } from "./providers-messages.ts";
import { TestDialog } from "./test-dialog.tsx";
import { useCredentialActions } from "./use-credential-actions.ts";

export type Credential = UpstreamView["credentials"][number];
const TONES: Readonly<Record<Credential["state"], Tone>> = { ready: "success", cooling: "warning", disabled: "neutral", failing: "danger" };

/** One credential: how it does, what it was used for, what can be done. */
export function CredentialRow({ credential, upstream }: { readonly credential: Credential; readonly upstream: UpstreamView }): ReactNode {
  const messages = useMessages(providersMessages);
  const format = useFormat();
  const navigate = useNavigate();
  const actions = useCredentialActions(credential, upstream);
  const [choosing, setChoosing] = useState(false);
  const { label, state, configPath } = credential;
  const details = [...(configPath === undefined ? [messages.fromEnvironment] : [configPath]), ...(credential.priority === 0 ? [] : [messages.priority(String(credential.priority))]), ...(credential.proxied ? [messages.proxied] : [])];
  return (
    <li className="credential">
      <div className="credential-main">
        <div className="two-lines grow">
          <span className="row"><span className="strong">{label}</span><Badge dot tone={TONES[state]}>{messages.states[state]}</Badge></span>
          <span className="mono">{details.join(" · ")}</span>
        </div>
        <div className="credential-use number" title={messages.last24h}>
          <span>{messages.requests(format.number(credential.requests24h))}{credential.failed24h > 0 && <span className="text-danger"> · {messages.failed(format.number(credential.failed24h))}</span>}</span>
          <span className="muted">{format.money(credential.costUsd24h)} · {messages.last24h}</span>
        </div>
        <div className="credential-actions">
          {credential.cooldowns.length > 0 && <Button size="small" icon={<RotateCcw />} busy={actions.reset.isPending} aria-label={messages.resetOf(label)} onClick={() => actions.reset.mutate()}>{messages.reset}</Button>}
          <Button size="small" icon={<FlaskConical />} busy={actions.test.isPending} aria-label={messages.testOf(label)} onClick={() => actions.test.mutate({ params: { index: credential.index }, body: {} })}>{messages.test}</Button>
          <Switch hideLabel label={messages.switchOf(label)} checked={!credential.disabled} disabled={configPath === undefined} onChange={(used) => actions.setDisabled(!used)} />
          <Menu
            label={messages.actionsFor(label)}
            button={(props) => <IconButton label={messages.actionsFor(label)} size="small" icon={<EllipsisVertical />} {...props} />}
            items={[
              { label: messages.testModel, onSelect: () => setChoosing(true) },
              { label: messages.showUsage, onSelect: () => void navigate(`/usage?credential=${credential.index}&range=24h`) },
              { label: messages.edit, disabled: configPath === undefined, onSelect: () => void navigate("/config?mode=yaml") },
              { label: messages.remove, danger: true, disabled: configPath === undefined, onSelect: () => void actions.remove() },
            ]}
          />
        </div>
      </div>
      {credential.message !== undefined && <p className="credential-message text-danger">{credential.message}</p>}
      {credential.cooldowns.length > 0 && <Cooldowns cooldowns={credential.cooldowns} />}
      {actions.test.data !== undefined && <p className={actions.test.data.ok ? "credential-message credential-good" : "credential-message text-danger"} role="status">{actions.test.data.ok ? messages.testGood(actions.test.data.model, format.duration(actions.test.data.durationMs)) : messages.testBad(String(actions.test.data.status), actions.test.data.message)}</p>}
      {choosing && <TestDialog credential={credential} upstream={upstream} onClose={() => setChoosing(false)} onStart={(model) => {
        setChoosing(false);
        actions.test.mutate({ params: { index: credential.index }, body: model === "" ? {} : { model } });
      }} />}
    </li>
  );
}
