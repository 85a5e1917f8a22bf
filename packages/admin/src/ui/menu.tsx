import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** Something small that hangs below a button. Closes on Escape, on a click elsewhere and when the focus goes. */
export function Popover({ button, align = "start", label, children }: { readonly button: (props: { readonly "aria-expanded": boolean; readonly "aria-haspopup": "dialog"; readonly onClick: () => void }) => ReactNode; readonly align?: "start" | "end"; readonly label: string; readonly children: (close: () => void) => ReactNode }): ReactNode {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: Event): void => {
      if (!(frame.current?.contains(event.target as Node) ?? false)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  const close = (): void => {
    setOpen(false);
    frame.current?.querySelector("button")?.focus();
  };
  return (
    <div
      className="popover-frame"
      ref={frame}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        event.preventDefault();
        close();
      }}
    >
      {button({ "aria-expanded": open, "aria-haspopup": "dialog", onClick: () => setOpen(!open) })}
      {open && <div className={classNames("popover", align === "end" && "popover-end")} role="dialog" aria-label={label}>{children(close)}</div>}
    </div>
  );
}

export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

/** Actions behind a button, with arrow keys. */
export function Menu({ button, label, items, align = "end" }: { readonly button: (props: { readonly "aria-expanded": boolean; readonly "aria-haspopup": "menu"; readonly onClick: () => void }) => ReactNode; readonly label: string; readonly items: readonly MenuItem[]; readonly align?: "start" | "end" }): ReactNode {
  return (
    <Popover label={label} align={align} button={(props) => button({ ...props, "aria-haspopup": "menu" })}>
      {(close) => <MenuList label={label} items={items} close={close} />}
    </Popover>
  );
}

function MenuList({ label, items, close }: { readonly label: string; readonly items: readonly MenuItem[]; readonly close: () => void }): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector("button")?.focus(), []);
  return (
    <div role="menu" className="menu" aria-label={label} onKeyDown={moveItem} ref={list}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          className={classNames("menu-item", item.danger === true && "menu-danger")}
          disabled={item.disabled ?? false}
          onClick={() => {
            close();
            item.onSelect();
          }}
        >
          {item.icon}
          {item.label}
        </button>
      ))}
    </div>
  );
}

function moveItem(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}
