import { useState, type FormEvent, type ReactNode } from "react";
import type { AccountKindView } from "../../../../gateway/src/management/contract/accounts.ts";
import { useWrite } from "../../api/hooks.ts";
import type { Reply } from "../../api/operations.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { SelectField, Switch, TextArea, TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { accountsMessages } from "./accounts-messages.ts";
import { LoginProgress } from "./login-progress.tsx";

interface LogInProps {
  readonly kinds: readonly AccountKindView[];
  /** What the operator has agreed to so far. */
  readonly subscriptions: Reply<"accounts">["subscriptions"];
  readonly onClose: () => void;
}

/** First which vendor, then how, then the vendor's page. */
export function LogIn({ kinds, ...rest }: LogInProps): ReactNode {
  const messages = useMessages(accountsMessages);
  const [name, setName] = useState<string>();
  // Looked up each time: consent changes what is known of it.
  const kind = kinds.find((one) => one.name === name);
  if (kind !== undefined) return <LoginForm kind={kind} onBack={() => setName(undefined)} {...rest} />;
  return (
    <Dialog variant="wide" title={messages.logIn} description={messages.pick} onClose={rest.onClose}>
      <ul className="preset-grid">
        {kinds.filter(({ ways }) => ways.length > 0).map((one) => (
          <li key={one.name}>
            <button type="button" className="preset" onClick={() => setName(one.name)}>
              <span className="strong">{one.title}</span>
              <span className="muted small cut">{one.missing === undefined ? one.ways.map(({ type }) => messages.ways[type]).join(", ") : messages.missing}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

type Way = AccountKindView["ways"][number]["type"];

function LoginForm({ kind, subscriptions, onBack, onClose }: Omit<LogInProps, "kinds"> & { readonly kind: AccountKindView; readonly onBack: () => void }): ReactNode {
  const messages = useMessages(accountsMessages);
  const errorText = useErrorText();
  const [way, setWay] = useState<Way>(kind.ways[0]?.type ?? "browser");
  const [secret, setSecret] = useState("");
  const [choices, setChoices] = useState<Readonly<Record<string, string>>>({});
  const [agreed, setAgreed] = useState(false);
  const [begun, setBegun] = useState<Reply<"beginLogin">>();
  const allow = useWrite("changeConfig", { stale: ["accounts"] });
  const begin = useWrite("beginLogin");
  const mustAgree = !kind.isAllowed;
  const chosen = kind.ways.find(({ type }) => type === way);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (mustAgree) await allow.mutateAsync({ body: { set: [{ path: ["accounts", "subscriptions"], value: [...(Array.isArray(subscriptions) ? subscriptions : []), kind.name] }], remove: [] } });
    setBegun(await begin.mutateAsync({ body: { kind: kind.name, way, ...(way === "secret" && { secret }), choices: Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== "")) } }));
  };
  if (begun !== undefined) return <LoginProgress title={kind.title} begun={begun} onClose={onClose} onAgain={() => setBegun(undefined)} />;
  const failure = allow.error ?? begin.error;
  return (
    <Dialog title={`${messages.logIn}: ${kind.title}`} onClose={onClose} footer={<><Button onClick={onBack}>{messages.back}</Button><Button type="submit" form="login-form" variant="primary" busy={begin.isPending || allow.isPending} disabled={mustAgree && !agreed}>{messages.begin}</Button></>}>
      <form id="login-form" className="stack" onSubmit={(event) => void submit(event).catch(() => undefined)}>
        {failure !== null && <Notice tone="danger">{errorText(failure)}</Notice>}
        {kind.missing !== undefined && <Notice tone="warning">{kind.missing}</Notice>}
        {mustAgree && <Notice tone="warning"><p className="strong">{messages.termsTitle}</p><p>{kind.terms}</p><Switch label={messages.termsAgree} checked={agreed} onChange={setAgreed} /></Notice>}
        {kind.ways.length > 1 && <SelectField<Way> label={messages.logIn} value={way} options={kind.ways.map(({ type }) => ({ value: type, label: messages.ways[type] }))} onChange={setWay} />}
        {way === "secret" && <TextArea label={chosen?.asks ?? ""} hint={messages.cookie} monospace rows={chosen?.isFile === true ? 8 : 3} value={secret} onChange={setSecret} required />}
        {kind.choices.map(({ name, label, hint }) => <TextField key={name} label={label} hint={hint} value={choices[name] ?? ""} onChange={(value) => setChoices({ ...choices, [name]: value })} autoComplete="off" />)}
      </form>
    </Dialog>
  );
}
