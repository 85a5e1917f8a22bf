import type { ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/fields.tsx";
import { accessMessages } from "./access-messages.ts";

const DAY_MS = 86_400_000;
const SPANS = [["days30", 30], ["days90", 90], ["year", 365]] as const;

/** A moment in this place's time; `undefined` is never. */
export function ExpiryField({ value, onChange }: { readonly value: number | undefined; readonly onChange: (value: number | undefined) => void }): ReactNode {
  const messages = useMessages(accessMessages);
  return (
    <Field label={messages.expires} hint={messages.expiryHint}>
      {({ id, describedBy }) => (
        <div className="row">
          <input id={id} className="input expiry-input" type="datetime-local" value={value === undefined ? "" : localText(value)} onChange={(event) => onChange(event.target.value === "" ? undefined : new Date(event.target.value).getTime())} aria-describedby={describedBy} />
          {SPANS.map(([name, days]) => <Button key={name} size="small" variant="ghost" onClick={() => onChange(Math.floor((Date.now() + days * DAY_MS) / 60_000) * 60_000)}>{messages.expirySoon[name]}</Button>)}
          {value !== undefined && <Button size="small" variant="ghost" onClick={() => onChange(undefined)}>{messages.expirySoon.never}</Button>}
        </div>
      )}
    </Field>
  );
}

/** As the browser's own field wants it: `2026-11-21T10:00`, without a zone. */
function localText(at: number): string {
  const moment = new Date(at);
  return new Date(at - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
