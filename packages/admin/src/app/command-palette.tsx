import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { useLanguage, useMessages } from "../i18n/language.tsx";
import { LANGUAGES, LANGUAGE_NAMES } from "../i18n/languages.ts";
import { shellMessages } from "../i18n/shell-messages.ts";
import { uiMessages } from "../i18n/ui-messages.ts";
import { useSignOut } from "../session/sign-out.ts";
import { THEME_CHOICES, useTheme } from "../theme/theme.tsx";
import { PAGES } from "./page-list.ts";

interface Command {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  /** Keys that do the same. */
  readonly keys?: string;
  run(): void;
}

/** One field that finds pages and actions. */
export function CommandPalette({ onClose, onHelp }: { readonly onClose: () => void; readonly onHelp: () => void }): ReactNode {
  const messages = useMessages(shellMessages);
  const ui = useMessages(uiMessages);
  const dialog = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands(onHelp);
  const found = useMemo(() => commands.filter(({ label, group, id }) => matches(`${label} ${group} ${id}`, text)), [commands, text]);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    dialog.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent): void => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) setAt((to + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="palette" aria-label={messages.palette} onCancel={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <input
        className="palette-input"
        placeholder={messages.palettePlaceholder}
        aria-label={messages.palettePlaceholder}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[at] === undefined ? undefined : `${listId}-${found[at].id}`}
        autoFocus
        spellCheck={false}
        value={text}
        onChange={(event) => (setText(event.target.value), setAt(0))}
        onKeyDown={press}
      />
      <div id={listId} role="listbox" aria-label={messages.palette} className="palette-list">
        {found.length === 0 && <p className="palette-none">{ui.noMatch}</p>}
        {found.map((command, index) => (
          <div key={command.id} id={`${listId}-${command.id}`} role="option" aria-selected={index === at} className="palette-option" onPointerMove={() => setAt(index)} onClick={() => run(command)}>
            <span className="palette-group">{command.group}</span>
            <span>{command.label}</span>
            {command.keys !== undefined && <kbd>{command.keys}</kbd>}
          </div>
        ))}
      </div>
    </dialog>
  );
}

/** All words of the question, in any order. */
function matches(text: string, question: string): boolean {
  const low = text.toLowerCase();
  return question.toLowerCase().split(/\s+/).every((word) => low.includes(word));
}

function useCommands(onHelp: () => void): readonly Command[] {
  const messages = useMessages(shellMessages);
  const navigate = useNavigate();
  const theme = useTheme();
  const language = useLanguage();
  const signOut = useSignOut();
  return useMemo(() => [
    ...PAGES.map(({ id, path, key }) => ({ id, group: messages.paletteGo, label: messages.pages[id], keys: `g ${key}`, run: () => void navigate(path) })),
    ...THEME_CHOICES.map((choice) => ({ id: `theme-${choice}`, group: messages.theme, label: messages.themes[choice], run: () => theme.choose(choice) })),
    ...LANGUAGES.map((name) => ({ id: `language-${name}`, group: messages.language, label: LANGUAGE_NAMES[name], run: () => language.choose(name) })),
    { id: "help", group: messages.paletteDo, label: messages.help, keys: "?", run: onHelp },
    { id: "sign-out", group: messages.paletteDo, label: messages.signOut, run: signOut },
  ], [messages, navigate, theme, language, onHelp, signOut]);
}
