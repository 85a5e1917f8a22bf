import { useEffect, useRef, useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { useMessages } from "../i18n/language.tsx";
import { shellMessages } from "../i18n/shell-messages.ts";
import { Dialog } from "../ui/dialog.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { PAGES } from "./page-list.ts";

/** How long `g` waits for its second key, ms. */
const PATIENCE_MS = 1500;
export const OPEN_PALETTE = "dragoman:palette";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.shadowRoot !== null);
}

/** Keys that work on every page: `g` and a letter, `/`, `?`, Ctrl or ⌘ K. */
export function Shortcuts(): ReactNode {
  const [open, setOpen] = useState<"palette" | "help">();
  const navigate = useNavigate();
  const goUntil = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
      const page = performance.now() < goUntil.current ? PAGES.find(({ key }) => key === event.key) : undefined;
      goUntil.current = event.key === "g" ? performance.now() + PATIENCE_MS : 0;
      if (page !== undefined) void navigate(page.path);
      else if (event.key === "?") setOpen("help");
      else if (event.key === "/") document.querySelector<HTMLInputElement>("[data-search]")?.focus();
      else return;
      event.preventDefault();
    };
    const palette = (): void => setOpen("palette");
    document.addEventListener("keydown", press);
    document.addEventListener(OPEN_PALETTE, palette);
    return () => {
      document.removeEventListener("keydown", press);
      document.removeEventListener(OPEN_PALETTE, palette);
    };
  }, [navigate]);
  if (open === "palette") return <CommandPalette onClose={() => setOpen(undefined)} onHelp={() => setOpen("help")} />;
  if (open === "help") return <Help onClose={() => setOpen(undefined)} />;
  return null;
}

function Help({ onClose }: { readonly onClose: () => void }): ReactNode {
  const messages = useMessages(shellMessages);
  return (
    <Dialog title={messages.help} onClose={onClose}>
      <div className="shortcut-columns">
        <section>
          <h3>{messages.helpGo}</h3>
          <dl className="shortcut-list">
            {PAGES.map(({ id, key }) => (
              <div key={id}>
                <dt>{messages.pages[id]}</dt>
                <dd><kbd>g</kbd> {messages.helpThen} <kbd>{key}</kbd></dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h3>{messages.helpGeneral}</h3>
          <dl className="shortcut-list">
            <div><dt>{messages.palette}</dt><dd><kbd>Ctrl</kbd> <kbd>K</kbd></dd></div>
            <div><dt>{messages.helpSearch}</dt><dd><kbd>/</kbd></dd></div>
            <div><dt>{messages.helpTable}</dt><dd><kbd>↑</kbd> <kbd>↓</kbd> <kbd>↵</kbd></dd></div>
            <div><dt>{messages.helpHelp}</dt><dd><kbd>?</kbd></dd></div>
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
