import type { ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { Field } from "../../ui/fields.tsx";
import { accessMessages } from "./access-messages.ts";

/** The model of a key's own. Any name may be typed: upstreams serve more than they list. */
export function StandInField({ value, models, onChange }: { readonly value: string; readonly models: readonly string[]; readonly onChange: (model: string) => void }): ReactNode {
  const messages = useMessages(accessMessages);
  return (
    <Field label={messages.standIn} hint={messages.standInHint}>
      {({ id, describedBy }) => (
        <>
          <input id={id} className="input mono" list={`${id}-models`} value={value} onChange={(event) => onChange(event.target.value)} aria-describedby={describedBy} maxLength={200} spellCheck={false} autoComplete="off" />
          <datalist id={`${id}-models`}>{models.map((model) => <option key={model} value={model} />)}</datalist>
        </>
      )}
    </Field>
  );
}
