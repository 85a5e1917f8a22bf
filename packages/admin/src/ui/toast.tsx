import X from "lucide-react/icons/x";
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { classNames } from "./class-names.ts";
import { useErrorText } from "./error-text.ts";

interface Toaster {
  /** Something was done. */
  done(message: string): void;
  /** Something failed: an error, or a sentence. */
  failed(error: unknown): void;
}

interface Toast {
  readonly id: number;
  readonly tone: "success" | "danger";
  readonly message: string;
}

/** How long good news stays, ms. Bad news stays until it is closed. */
const LIFE_MS = 4000;
const Context = createContext<Toaster>({ done: () => undefined, failed: () => undefined });

export function useToast(): Toaster {
  return use(Context);
}

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const messages = useMessages(uiMessages);
  const errorText = useErrorText();
  const remove = useCallback((id: number) => setToasts((list) => list.filter((toast) => toast.id !== id)), []);
  const toaster = useMemo<Toaster>(() => {
    const add = (tone: Toast["tone"], message: string): void => {
      const id = (next.current += 1);
      setToasts((list) => [...list.slice(-3), { id, tone, message }]);
      if (tone === "success") setTimeout(() => remove(id), LIFE_MS);
    };
    return { done: (message) => add("success", message), failed: (error) => add("danger", errorText(error)) };
  }, [errorText, remove]);
  return (
    <Context value={toaster}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, tone, message }) => (
          <div key={id} className={classNames("toast", `tone-${tone}`)}>
            <span className="dot" aria-hidden="true" />
            <span>{message}</span>
            <button type="button" className="toast-close" aria-label={messages.close} onClick={() => remove(id)}><X /></button>
          </div>
        ))}
      </div>
    </Context>
  );
}
