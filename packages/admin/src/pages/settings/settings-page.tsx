import Check from "lucide-react/icons/check";
import Circle from "lucide-react/icons/circle";
import LogOut from "lucide-react/icons/log-out";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useRead } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { LANGUAGES, LANGUAGE_NAMES } from "../../i18n/languages.ts";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { useSession } from "../../session/session.tsx";
import { useSignOut } from "../../session/sign-out.ts";
import { THEME_CHOICES, useTheme } from "../../theme/theme.tsx";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/fields.tsx";
import { Card, Facts, Page } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";
import { CaptureSwitch } from "../live/capture-switch.tsx";
import { setupMessages } from "../setup/setup-messages.ts";
import { settingsMessages } from "./settings-messages.ts";

export default function SettingsPage(): ReactNode {
  const messages = useMessages(settingsMessages);
  const shell = useMessages(shellMessages);
  return (
    <Page title={shell.pages.settings} description={messages.lead}>
      <div className="grid-2">
        <div className="stack">
          <LookCard />
          <SessionCard />
          <CaptureCard />
          <FirstStepsCard />
        </div>
        <SystemCard />
      </div>
    </Page>
  );
}

function LookCard(): ReactNode {
  const messages = useMessages(settingsMessages);
  const shell = useMessages(shellMessages);
  const theme = useTheme();
  const { language, choose } = useLanguage();
  return (
    <Card title={messages.look} description={messages.lookText}>
      <div className="fields-2">
        <SelectField label={shell.theme} value={theme.choice} onChange={theme.choose} options={THEME_CHOICES.map((value) => ({ value, label: shell.themes[value] }))} />
        <SelectField label={shell.language} value={language} onChange={choose} options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))} />
      </div>
    </Card>
  );
}

function SessionCard(): ReactNode {
  const messages = useMessages(settingsMessages);
  const format = useFormat();
  const session = useSession();
  const signOut = useSignOut();
  return (
    <Card title={messages.session} actions={<Button size="small" icon={<LogOut />} onClick={signOut}>{messages.signOut}</Button>}>
      <p className="muted">{session.data?.expiresAt === undefined ? "" : messages.sessionUntil(format.dateTime(session.data.expiresAt))}</p>
    </Card>
  );
}

function CaptureCard(): ReactNode {
  const messages = useMessages(settingsMessages);
  const live = useRead("listLive");
  return <Card title={messages.capture}><CaptureSwitch capture={live.data?.capture} hint={messages.captureHint} /></Card>;
}

function FirstStepsCard(): ReactNode {
  const messages = useMessages(settingsMessages);
  const { steps } = useMessages(setupMessages);
  const query = useRead("checkSetup");
  return (
    <Card title={messages.first}>
      <Loaded query={query}>
        {(state) => {
          const missing = Object.values(state).includes(false);
          return (
            <div className="stack-tight">
              <ul className="stack-tight">
                {(Object.keys(steps) as (keyof typeof steps)[]).map((step) => <li key={step} className={state[step] ? "row tone-success" : "row muted"}>{state[step] ? <Check aria-label="✓" /> : <Circle aria-hidden="true" />}{steps[step]}</li>)}
              </ul>
              {missing ? <Link to="/setup">{messages.firstGo}</Link> : <p className="muted">{messages.firstDone}</p>}
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}

function SystemCard(): ReactNode {
  const messages = useMessages(settingsMessages);
  const format = useFormat();
  const query = useRead("system");
  return (
    <Card title={messages.system} actions={<Link to="/config" className="button button-secondary button-small">{messages.configure}</Link>}>
      <Loaded query={query}>
        {(system) => (
          <Facts
            items={[
              [messages.facts.version, system.version],
              [messages.facts.runtime, system.runtime],
              [messages.facts.started, `${format.dateTime(system.startedAt)} · ${format.relative(system.startedAt)}`],
              [messages.facts.store, system.store],
              [messages.facts.records, system.records === undefined ? "–" : format.number(system.records)],
              [messages.facts.config, <span key="config" className="mono">{system.configPath ?? messages.noFile}</span>],
              [messages.facts.data, <span key="data" className="mono">{system.dataDirectory ?? "–"}</span>],
              [messages.facts.prices, system.pricesFrom],
              [messages.facts.remote, system.allowRemote ? messages.remoteOn : messages.remoteOff],
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
