import { createContext, use, useCallback, useState, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./fields.tsx";

export interface Question {
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly message: ReactNode;
  /** The verb on the button. */
  readonly action: string;
  readonly danger?: boolean;
  /** Must be typed before the button works. */
  readonly typed?: string;
}

type Ask = (question: Question) => Promise<boolean>;
const Context = createContext<Ask>(() => Promise.resolve(false));

/** Asks before something is done: `if (await confirm({ … })) …` */
export function useConfirm(): Ask {
  return use(Context);
}

export function ConfirmProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [open, setOpen] = useState<{ question: Question; answer: (yes: boolean) => void }>();
  const ask = useCallback<Ask>((question) => new Promise((answer) => setOpen({ question, answer })), []);
  const close = (yes: boolean): void => {
    open?.answer(yes);
    setOpen(undefined);
  };
  return (
    <Context value={ask}>
      {children}
      {open !== undefined && <ConfirmDialog question={open.question} onAnswer={close} />}
    </Context>
  );
}

function ConfirmDialog({ question, onAnswer }: { readonly question: Question; readonly onAnswer: (yes: boolean) => void }): ReactNode {
  const messages = useMessages(uiMessages);
  const [typed, setTyped] = useState("");
  const ready = question.typed === undefined || typed === question.typed;
  return (
    <Dialog
      title={question.title}
      onClose={() => onAnswer(false)}
      footer={
        <>
          <Button onClick={() => onAnswer(false)}>{messages.cancel}</Button>
          <Button variant={question.danger === true ? "danger" : "primary"} disabled={!ready} onClick={() => onAnswer(true)} autoFocus={question.typed === undefined}>{question.action}</Button>
        </>
      }
    >
      <div className="stack">
        <div className="prose">{question.message}</div>
        {question.typed !== undefined && <TextField label={messages.typeToConfirm(question.typed)} value={typed} onChange={setTyped} autoComplete="off" autoFocus />}
      </div>
    </Dialog>
  );
}
