import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { classNames } from "./class-names.ts";

export interface Tab<Id extends string = string> {
  readonly id: Id;
  readonly label: ReactNode;
  /** A count or a mark behind the label. */
  readonly note?: ReactNode;
}

/** Left and right move among the choices, as the ARIA patterns for tabs and radio groups want it. */
function moveFocus(event: KeyboardEvent<HTMLElement>, choose: (index: number) => void): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const index = (to + buttons.length) % buttons.length;
  buttons[index]?.focus();
  choose(index);
}

export function Tabs<Id extends string>({ label, tabs, value, onChange, children }: { readonly label: string; readonly tabs: readonly Tab<Id>[]; readonly value: Id; readonly onChange: (id: Id) => void; readonly children: ReactNode }): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  return (
    <div className="tabs">
      <div className="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={(event) => moveFocus(event, (index) => onChange((tabs[index] as Tab<Id>).id))}>
        {tabs.map((tab) => (
          <button key={tab.id} type="button" role="tab" id={`${id}-${tab.id}`} aria-selected={tab.id === value} aria-controls={`${id}-panel`} tabIndex={tab.id === value ? 0 : -1} className="tab" onClick={() => onChange(tab.id)}>
            {tab.label}
            {tab.note !== undefined && <span className="tab-note">{tab.note}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`} className="tab-panel">{children}</div>
    </div>
  );
}

/** One of a few, all in sight. */
export function Segments<Id extends string>({ label, options, value, onChange }: { readonly label: string; readonly options: readonly { readonly id: Id; readonly label: ReactNode; readonly title?: string }[]; readonly value: Id; readonly onChange: (id: Id) => void }): ReactNode {
  return (
    <div className="segments" role="radiogroup" aria-label={label} onKeyDown={(event) => moveFocus(event, (index) => onChange((options[index] as { id: Id }).id))}>
      {options.map((option) => (
        <button key={option.id} type="button" role="radio" aria-checked={option.id === value} aria-label={option.title} title={option.title} tabIndex={option.id === value ? 0 : -1} className={classNames("segment")} onClick={() => onChange(option.id)}>{option.label}</button>
      ))}
    </div>
  );
}
