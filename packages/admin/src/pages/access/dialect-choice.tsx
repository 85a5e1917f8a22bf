import type { ReactNode } from "react";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { accessMessages } from "./access-messages.ts";

/** Which dialects a key may speak; none chosen means all. */
export function DialectChoice({ chosen, onChange }: { readonly chosen: readonly string[]; readonly onChange: (chosen: readonly string[]) => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const { dialects } = useMessages(domainMessages);
  return (
    <div className="field" role="group" aria-label={messages.dialects}>
      <span className="field-label">{messages.dialects}</span>
      <div className="row">
        {Object.entries(dialects).map(([id, name]) => (
          <label key={id} className="check">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id])} />
            {name}
          </label>
        ))}
      </div>
      <p className="field-hint">{messages.dialectsHint}</p>
    </div>
  );
}
