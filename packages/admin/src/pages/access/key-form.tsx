import { useState, type FormEvent, type ReactNode } from "react";
import type { KeyView, UserView } from "../../../../gateway/src/management/contract/people.ts";
import { useRead, useWrite } from "../../api/hooks.ts";
import type { Reply } from "../../api/operations.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { SelectField, TextField } from "../../ui/fields.tsx";
import { ListField } from "../../ui/list-field.tsx";
import { Notice } from "../../ui/page.tsx";
import { accessMessages } from "./access-messages.ts";
import { DialectChoice } from "./dialect-choice.tsx";
import { ExpiryField } from "./expiry-field.tsx";
import { hasEmptyBudget, LimitsEditor, type Limits } from "./limits-editor.tsx";
import { StandInField } from "./stand-in-field.tsx";

interface KeyFormProps {
  /** Absent: a new key. */
  readonly edited?: KeyView;
  readonly users: readonly UserView[];
  readonly ownerId?: number;
  readonly onClose: () => void;
  readonly onCreated: (made: Reply<"createKey">) => void;
  readonly onSaved: () => void;
}

interface Draft {
  readonly name: string;
  /** Of the select: empty for none. */
  readonly owner: string;
  readonly expiresAt: number | undefined;
  /** Empty: none. */
  readonly model: string;
  readonly models: readonly string[];
  readonly dialects: readonly string[];
  readonly ipRanges: readonly string[];
  readonly tags: readonly string[];
  readonly limits: Limits;
}

const draftOf = (edited: KeyView | undefined, ownerId: number | undefined): Draft => ({
  name: edited?.name ?? "", owner: String(edited?.userId ?? ownerId ?? ""), expiresAt: edited?.expiresAt, model: edited?.model ?? "", models: edited?.models ?? [], dialects: edited?.dialects ?? [], ipRanges: edited?.ipRanges ?? [], tags: edited?.tags ?? [], limits: edited?.limits ?? {},
});

const STALE = ["listKeys", "listUsers", "getKey"] as const;

export function KeyForm({ edited, users, ownerId, onClose, onCreated, onSaved }: KeyFormProps): ReactNode {
  const messages = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const errorText = useErrorText();
  const [draft, setDraft] = useState(() => draftOf(edited, ownerId));
  const create = useWrite("createKey", { stale: STALE });
  const update = useWrite("updateKey", { stale: STALE });
  const models = useRead("models").data?.models.map(({ id }) => id) ?? [];
  const error = create.error ?? update.error;
  const wrong = hasEmptyBudget(draft.limits);
  const patch = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wrong) return;
    const { name, owner, expiresAt, limits, model, ...lists } = draft;
    const given = { ...copied(lists), limits };
    if (edited === undefined) create.mutate({ body: { ...given, ...(name.trim() !== "" && { name: name.trim() }), ...(owner !== "" && { userId: Number(owner) }), ...(expiresAt !== undefined && { expiresAt }), ...(model.trim() !== "" && { model: model.trim() }) } }, { onSuccess: onCreated });
    else update.mutate({ params: { id: edited.id }, body: { ...given, name: name.trim() === "" ? null : name.trim(), userId: owner === "" ? null : Number(owner), expiresAt: expiresAt ?? null, model: model.trim() === "" ? null : model.trim() } }, { onSuccess: onSaved });
  };
  return (
    <Dialog
      variant="wide"
      title={edited === undefined ? messages.newKey : messages.editKey}
      onClose={onClose}
      footer={<><Button onClick={onClose}>{ui.cancel}</Button><Button variant="primary" type="submit" form="key-form" busy={create.isPending || update.isPending} disabled={wrong}>{edited === undefined ? messages.createKey : messages.save}</Button></>}
    >
      <form id="key-form" className="stack" onSubmit={submit}>
        {error !== null && <Notice tone="danger">{errorText(error)}</Notice>}
        <div className="fields-2">
          <TextField label={messages.name} hint={messages.nameHint} value={draft.name} onChange={(name) => patch({ name })} maxLength={200} autoFocus autoComplete="off" />
          <SelectField label={messages.owner} value={draft.owner} onChange={(owner) => patch({ owner })} options={[{ value: "", label: messages.noUser }, ...users.map(({ id, username }) => ({ value: String(id), label: username }))]} />
        </div>
        <ExpiryField value={draft.expiresAt} onChange={(expiresAt) => patch({ expiresAt })} />
        <LimitsEditor limits={draft.limits} onChange={(limits) => patch({ limits })} />
        {wrong && <p className="field-error" role="alert">{messages.budgetEmpty}</p>}
        <StandInField value={draft.model} models={models} onChange={(model) => patch({ model })} />
        <fieldset className="form-section">
          <legend>{messages.restrictions}</legend>
          <ListField label={messages.models} hint={messages.modelsHint} values={draft.models} onChange={(next) => patch({ models: next })} suggestions={models} />
          <DialectChoice chosen={draft.dialects} onChange={(dialects) => patch({ dialects })} />
          <div className="fields-2">
            <ListField label={messages.ipRanges} hint={messages.ipHint} values={draft.ipRanges} onChange={(ipRanges) => patch({ ipRanges })} />
            <ListField label={messages.tags} hint={messages.tagsHint} values={draft.tags} onChange={(tags) => patch({ tags })} />
          </div>
        </fieldset>
      </form>
    </Dialog>
  );
}

/** The contract's lists can be written to; those of the form cannot. */
function copied<Name extends string>(lists: Readonly<Record<Name, readonly string[]>>): Record<Name, string[]> {
  return Object.fromEntries(Object.entries<readonly string[]>(lists).map(([name, values]) => [name, [...values]])) as Record<Name, string[]>;
}

