import { useState, type FormEvent, type ReactNode } from "react";
import { useRead, useWrite } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { setupMessages } from "./setup-messages.ts";

/** Makes the first key for programs; it is shown once. */
export function ClientKeyStep({ made, onMade, onDone }: { readonly made: string | undefined; readonly onMade: (key: string) => void; readonly onDone: () => void }): ReactNode {
  const messages = useMessages(setupMessages);
  const errorText = useErrorText();
  const state = useRead("checkSetup");
  const create = useWrite("createKey", { stale: ["listKeys"] });
  const [name, setName] = useState<string>(messages.clientNameValue);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ body: { name: name.trim() } }, { onSuccess: ({ key }) => onMade(key) });
  };
  if (made !== undefined) {
    return (
      <div className="stack">
        <p className="prose">{messages.keyOnce}</p>
        <div className="secret"><code data-testid="client-key">{made}</code><CopyButton text={made} label={messages.copy} variant="secondary" /></div>
        <div><Button variant="primary" onClick={onDone}>{messages.goOn}</Button></div>
      </div>
    );
  }
  return (
    <form className="stack" onSubmit={submit}>
      <p className="prose">{messages.clientText}</p>
      {state.data?.clientKey === true && <Notice>{messages.clientHave}</Notice>}
      <TextField label={messages.clientName} value={name} onChange={setName} maxLength={200} />
      {create.isError && <Notice tone="danger">{errorText(create.error)}</Notice>}
      <div className="row">
        <Button type="submit" variant="primary" busy={create.isPending} disabled={name.trim() === ""}>{messages.clientMake}</Button>
        <Button variant="ghost" onClick={onDone}>{messages.skip}</Button>
      </div>
    </form>
  );
}
