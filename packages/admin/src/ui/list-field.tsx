import X from "lucide-react/icons/x";
import { useState, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { Field, type FieldProps } from "./fields.tsx";

/** Several short texts: Enter or a comma adds one, Backspace in the empty field takes the last away. */
export function ListField({ label, hint, error, values, onChange, placeholder, suggestions }: FieldProps & { readonly values: readonly string[]; readonly onChange: (values: readonly string[]) => void; readonly placeholder?: string; readonly suggestions?: readonly string[] }): ReactNode {
  const [text, setText] = useState("");
  const messages = useMessages(uiMessages);
  const add = (): void => {
    const added = text.split(",").map((part) => part.trim()).filter((part) => part !== "" && !values.includes(part));
    if (added.length > 0) onChange([...values, ...added]);
    setText("");
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <div className="list-input">
          {values.map((value) => (
            <span key={value} className="chip">
              {value}
              <button type="button" aria-label={messages.remove(value)} onClick={() => onChange(values.filter((other) => other !== value))}><X /></button>
            </span>
          ))}
          <input
            id={id}
            value={text}
            placeholder={values.length === 0 ? placeholder : undefined}
            list={suggestions === undefined ? undefined : `${id}-suggestions`}
            aria-describedby={describedBy}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key === "Enter" || event.key === ",") {
                event.preventDefault();
                add();
              } else if (event.key === "Backspace" && text === "") onChange(values.slice(0, -1));
            }}
          />
          {suggestions !== undefined && <datalist id={`${id}-suggestions`}>{suggestions.filter((suggestion) => !values.includes(suggestion)).map((suggestion) => <option key={suggestion} value={suggestion} />)}</datalist>}
        </div>
      )}
    </Field>
  );
}
