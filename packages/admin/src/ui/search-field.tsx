import Search from "lucide-react/icons/search";
import type { ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";

/** Filters what is on the page. `/` jumps to it: see app/shortcuts. */
export function SearchField({ value, onChange, label }: { readonly value: string; readonly onChange: (value: string) => void; readonly label?: string }): ReactNode {
  const messages = useMessages(uiMessages);
  const name = label ?? messages.search;
  return (
    <div className="search">
      <Search aria-hidden="true" />
      <input
        type="search"
        className="input"
        aria-label={name}
        placeholder={name}
        value={value}
        data-search=""
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (value === "") event.currentTarget.blur();
          else onChange("");
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}
