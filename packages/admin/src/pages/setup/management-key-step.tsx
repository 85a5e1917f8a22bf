import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { useWrite } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { SecretField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { setupMessages } from "./setup-messages.ts";

const MIN_LENGTH = 8;
const MAX_LENGTH = 72;

/** Sets the management key with the token of the link, and signs in with it. A key that was made is shown once. */
export function ManagementKeyStep({ token, onBegun, onDone }: { readonly token: string; readonly onBegun: () => void; readonly onDone: () => void }): ReactNode {
  const messages = useMessages(setupMessages);
  const errorText = useErrorText();
  const queries = useQueryClient();
  const begin = useWrite("beginSetup");
  const [how, setHow] = useState<"make" | "own">("make");
  const [own, setOwn] = useState("");
  const fits = how === "make" || (own.length >= MIN_LENGTH && own.length <= MAX_LENGTH);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onBegun();
    begin.mutate({ body: { token, ...(how === "own" && { key: own }) } }, {
      onSuccess: async ({ key }) => {
        history.replaceState(null, "", location.pathname);
        await queries.invalidateQueries();
        if (key === undefined) onDone();
      },
    });
  };
  if (begin.data?.key !== undefined) return <KeyMade secret={begin.data.key} onDone={onDone} />;
  return (
    <form className="stack" onSubmit={submit}>
      <p className="prose">{messages.keyText}</p>
      <Segments label={messages.keyChoice} value={how} onChange={setHow} options={[{ id: "make", label: messages.keyMake }, { id: "own", label: messages.keyOwn }]} />
      {how === "own" && <SecretField label={messages.keyField} hint={messages.keyRule} value={own} onChange={setOwn} autoComplete="new-password" />}
      {begin.isError && <Notice tone="danger">{errorText(begin.error)}</Notice>}
      <div><Button type="submit" variant="primary" busy={begin.isPending} disabled={!fits}>{messages.keySet}</Button></div>
    </form>
  );
}

function KeyMade({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }): ReactNode {
  const messages = useMessages(setupMessages);
  return (
    <div className="stack">
      <p className="prose">{messages.keyOnce}</p>
      <div className="secret"><code data-testid="management-key">{secret}</code><CopyButton text={secret} label={messages.copy} variant="secondary" /></div>
      <div><Button variant="primary" onClick={onDone}>{messages.keyKept}</Button></div>
    </div>
  );
}
