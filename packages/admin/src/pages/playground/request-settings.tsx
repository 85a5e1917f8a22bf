import type { ReactNode } from "react";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Field, NumberField, SelectField, Switch, TextArea } from "../../ui/fields.tsx";
import { LazyCodeEditor } from "../../ui/editor/lazy.tsx";
import { DIALECTS, EFFORTS, type Draft, type Effort } from "./build-request.ts";
import { playgroundMessages } from "./playground-messages.ts";

interface RequestSettingsProps {
  readonly draft: Draft;
  readonly models: readonly string[];
  readonly toolsAreWrong: boolean;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** Everything about a request but its messages. */
export function RequestSettings({ draft, models, toolsAreWrong, onChange }: RequestSettingsProps): ReactNode {
  const messages = useMessages(playgroundMessages);
  const { dialects } = useMessages(domainMessages);
  return (
    <div className="stack">
      <ModelField value={draft.model} models={models} onChange={(model) => onChange({ model })} />
      <SelectField label={messages.dialect} value={draft.dialect} onChange={(dialect) => onChange({ dialect })} options={DIALECTS.map((value) => ({ value, label: dialects[value] }))} />
      <TextArea label={messages.system} rows={3} value={draft.system} onChange={(system) => onChange({ system })} />
      <div className="fields-2 playground-numbers">
        <NumberField label={messages.temperature} min={0} max={2} step={0.1} placeholder={messages.unsaid} value={draft.temperature} onChange={(temperature) => onChange({ temperature })} />
        <NumberField label={messages.maxTokens} min={1} step={1} placeholder={messages.unsaid} value={draft.maxTokens} onChange={(maxTokens) => onChange({ maxTokens })} />
      </div>
      <SelectField<Effort | ""> label={messages.effort} value={draft.effort ?? ""} onChange={(effort) => onChange({ effort: effort === "" ? undefined : effort })} options={[{ value: "", label: messages.unsaid }, ...EFFORTS.map((value) => ({ value, label: messages.efforts[value] }))]} />
      <Switch label={messages.stream} checked={draft.stream} onChange={(stream) => onChange({ stream })} />
      <details className="more" open={draft.tools !== "" || undefined}>
        <summary>{messages.tools}</summary>
        <div className="stack-tight">
          <LazyCodeEditor label={messages.tools} language="json" height="short" value={draft.tools} onChange={(tools) => onChange({ tools })} />
          <p className={toolsAreWrong ? "field-error" : "field-hint"}>{toolsAreWrong ? messages.toolsWrong : messages.toolsHint}</p>
        </div>
      </details>
    </div>
  );
}

/** Any name may be typed: upstreams serve more than they list. */
function ModelField({ value, models, onChange }: { readonly value: string; readonly models: readonly string[]; readonly onChange: (model: string) => void }): ReactNode {
  const messages = useMessages(playgroundMessages);
  return (
    <Field label={messages.model}>
      {({ id }) => (
        <>
          <input id={id} className="input mono" list={`${id}-models`} value={value} placeholder={messages.chooseModel} onChange={(event) => onChange(event.target.value)} spellCheck={false} autoComplete="off" required />
          <datalist id={`${id}-models`}>{models.map((model) => <option key={model} value={model} />)}</datalist>
        </>
      )}
    </Field>
  );
}
