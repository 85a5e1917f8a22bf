import { useState, type FormEvent, type ReactNode } from "react";
import type { UserView } from "../../../../gateway/src/management/contract/people.ts";
import { useWrite } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { TextArea, TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { accessMessages } from "./access-messages.ts";
import { hasEmptyBudget, LimitsEditor, type Limits } from "./limits-editor.tsx";

const STALE = ["listKeys", "listUsers", "getUser"] as const;

export function UserForm({ edited, onClose, onSaved }: { readonly edited?: UserView; readonly onClose: () => void; readonly onSaved: () => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const errorText = useErrorText();
  const [username, setUsername] = useState(edited?.username ?? "");
  const [email, setEmail] = useState(edited?.email ?? "");
  const [note, setNote] = useState(edited?.note ?? "");
  const [limits, setLimits] = useState<Limits>(edited?.limits ?? {});
  const create = useWrite("createUser", { stale: STALE });
  const update = useWrite("updateUser", { stale: STALE });
  const error = create.error ?? update.error;
  const wrong = hasEmptyBudget(limits);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wrong) return;
    const name = username.trim();
    if (edited === undefined) create.mutate({ body: { username: name, limits, ...(email.trim() !== "" && { email: email.trim() }), ...(note.trim() !== "" && { note: note.trim() }) } }, { onSuccess: onSaved });
    else update.mutate({ params: { id: edited.id }, body: { username: name, limits, email: email.trim() === "" ? null : email.trim(), note: note.trim() === "" ? null : note.trim() } }, { onSuccess: onSaved });
  };
  return (
    <Dialog
      variant="wide"
      title={edited === undefined ? messages.newUser : messages.editUser}
      onClose={onClose}
      footer={<><Button onClick={onClose}>{ui.cancel}</Button><Button variant="primary" type="submit" form="user-form" busy={create.isPending || update.isPending} disabled={wrong}>{edited === undefined ? messages.createUser : messages.save}</Button></>}
    >
      <form id="user-form" className="stack" onSubmit={submit}>
        {error !== null && <Notice tone="danger">{errorText(error)}</Notice>}
        <div className="fields-2">
          <TextField label={messages.username} value={username} onChange={setUsername} required maxLength={200} autoFocus autoComplete="off" />
          <TextField label={messages.email} type="email" value={email} onChange={setEmail} maxLength={320} autoComplete="off" />
        </div>
        <TextArea label={messages.note} value={note} onChange={setNote} maxLength={2000} rows={2} />
        <LimitsEditor limits={limits} onChange={setLimits} hint={messages.limitsUser} />
        {wrong && <p className="field-error" role="alert">{messages.budgetEmpty}</p>}
      </form>
    </Dialog>
  );
}
