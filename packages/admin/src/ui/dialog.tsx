import X from "lucide-react/icons/x";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";

export interface DialogProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly onClose: () => void;
  /** `sheet` stands at the right edge, for details beside a list. */
  readonly variant?: "box" | "wide" | "sheet";
  /** Clicks beside it and Escape do nothing: for things that are shown only once. */
  readonly stubborn?: boolean;
  readonly footer?: ReactNode;
  readonly children?: ReactNode;
}

/** Open while it is rendered. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, description, onClose, variant = "box", stubborn = false, footer, children }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const pressedOutside = useRef(false);
  const titleId = useId();
  const messages = useMessages(uiMessages);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The browser would choose the button that closes. On touch screens a focused field brings up the keyboard.
    if (matchMedia("(pointer: fine)").matches) dialog?.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea)")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={classNames("dialog", `dialog-${variant}`)}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!stubborn) onClose();
      }}
      onPointerDown={(event) => {
        pressedOutside.current = event.target === ref.current;
      }}
      onClick={(event) => {
        if (!stubborn && pressedOutside.current && event.target === ref.current) onClose();
      }}
    >
      <div className="dialog-frame">
        <header className="dialog-header">
          <div>
            <h2 id={titleId}>{title}</h2>
            {description !== undefined && <p className="muted">{description}</p>}
          </div>
          {!stubborn && <IconButton label={messages.close} icon={<X />} onClick={onClose} />}
        </header>
        {children !== undefined && <div className="dialog-body">{children}</div>}
        {footer !== undefined && <footer className="dialog-footer">{footer}</footer>}
      </div>
    </dialog>
  );
}
