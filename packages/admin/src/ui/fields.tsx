import Eye from "lucide-react/icons/eye";
import EyeOff from "lucide-react/icons/eye-off";
import { useId, useState, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";

export interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  /** The label is read out but not shown. */
  readonly hideLabel?: boolean;
  readonly className?: string;
}

/** Label, control, hint and error, tied together for those who listen. */
export function Field({ label, hint, error, hideLabel = false, className, children }: FieldProps & { readonly children: (ids: { readonly id: string; readonly describedBy: string | undefined }) => ReactNode }): ReactNode {
  const id = useId();
  const describedBy = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={classNames("field", error !== undefined && "field-wrong", className)}>
      <label htmlFor={id} className={hideLabel ? "unseen" : "field-label"}>{label}</label>
      {children({ id, describedBy: describedBy === "" ? undefined : describedBy })}
      {error !== undefined && <p id={`${id}-error`} className="field-error" role="alert">{error}</p>}
      {hint !== undefined && <p id={`${id}-hint`} className="field-hint">{hint}</p>}
    </div>
  );
}

type Plain<Attributes> = Omit<Attributes, "onChange" | "value" | "className">;

interface TextFieldProps extends FieldProps, Plain<InputHTMLAttributes<HTMLInputElement>> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly monospace?: boolean;
}

export function TextField({ label, hint, error, hideLabel, className, value, onChange, monospace = false, ...rest }: TextFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false} className={className ?? ""}>
      {({ id, describedBy }) => <input id={id} className={classNames("input", monospace && "mono")} value={value} onChange={(event) => onChange(event.target.value)} aria-describedby={describedBy} aria-invalid={error !== undefined || undefined} spellCheck={false} {...rest} />}
    </Field>
  );
}

/** Text that is hidden until asked for. */
export function SecretField({ label, hint, error, value, onChange, ...rest }: TextFieldProps): ReactNode {
  const [shown, setShown] = useState(false);
  const messages = useMessages(uiMessages);
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <div className="input-group">
          <input id={id} className="input mono" type={shown ? "text" : "password"} value={value} onChange={(event) => onChange(event.target.value)} aria-describedby={describedBy} aria-invalid={error !== undefined || undefined} spellCheck={false} autoComplete="off" {...rest} />
          <IconButton label={shown ? messages.hide : messages.show} icon={shown ? <EyeOff /> : <Eye />} onClick={() => setShown(!shown)} />
        </div>
      )}
    </Field>
  );
}

interface NumberFieldProps extends FieldProps, Plain<InputHTMLAttributes<HTMLInputElement>> {
  /** `undefined`: empty. */
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly unit?: string;
}

export function NumberField({ label, hint, error, value, onChange, unit, ...rest }: NumberFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <div className="input-group">
          <input id={id} className="input" type="number" inputMode="decimal" value={value ?? ""} onChange={(event) => onChange(event.target.value === "" ? undefined : Number(event.target.value))} aria-describedby={describedBy} {...rest} />
          {unit !== undefined && <span className="input-unit">{unit}</span>}
        </div>
      )}
    </Field>
  );
}

export function TextArea({ label, hint, error, hideLabel, value, onChange, monospace = false, ...rest }: FieldProps & Plain<TextareaHTMLAttributes<HTMLTextAreaElement>> & { readonly value: string; readonly onChange: (value: string) => void; readonly monospace?: boolean }): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      {({ id, describedBy }) => <textarea id={id} className={classNames("input", "textarea", monospace && "mono")} value={value} onChange={(event) => onChange(event.target.value)} aria-describedby={describedBy} {...rest} />}
    </Field>
  );
}

export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

export function SelectField<Value extends string>({ label, hint, error, hideLabel, className, value, options, onChange }: FieldProps & { readonly value: Value; readonly options: readonly Option<Value>[]; readonly onChange: (value: Value) => void }): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false} className={className ?? ""}>
      {({ id, describedBy }) => (
        <select id={id} className="input select" value={value} onChange={(event) => onChange(event.target.value as Value)} aria-describedby={describedBy}>
          {options.map((option) => <option key={option.value} value={option.value} disabled={option.disabled ?? false}>{option.label}</option>)}
        </select>
      )}
    </Field>
  );
}

/** On or off, at once. */
export function Switch({ label, hint, checked, onChange, disabled = false, hideLabel = false }: { readonly label: string; readonly hint?: ReactNode; readonly checked: boolean; readonly onChange: (checked: boolean) => void; readonly disabled?: boolean; readonly hideLabel?: boolean }): ReactNode {
  const id = useId();
  return (
    <div className="switch-row">
      <button type="button" id={id} role="switch" aria-checked={checked} aria-label={label} aria-describedby={hint === undefined ? undefined : `${id}-hint`} className="switch" disabled={disabled} onClick={() => onChange(!checked)} />
      {!hideLabel && (
        <div>
          <label htmlFor={id}>{label}</label>
          {hint !== undefined && <p id={`${id}-hint`} className="field-hint">{hint}</p>}
        </div>
      )}
    </div>
  );
}
