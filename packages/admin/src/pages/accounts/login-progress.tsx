import ExternalLink from "lucide-react/icons/external-link";
import { useState, type FormEvent, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useRead, useWrite } from "../../api/hooks.ts";
import type { Reply } from "../../api/operations.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { accountsMessages } from "./accounts-messages.ts";

interface LoginProgressProps {
  readonly title: string;
  readonly begun: Reply<"beginLogin">;
  readonly onClose: () => void;
  readonly onAgain: () => void;
}

/** Waits for the vendor: the page to open, the code to type, the address to paste, and how it ended. */
export function LoginProgress({ title, begun, onClose, onAgain }: LoginProgressProps): ReactNode {
  const messages = useMessages(accountsMessages);
  const queries = useQueryClient();
  const cancel = useWrite("cancelLogin");
  const stand = useRead("loginState", { params: { state: begun.state } }, { everyMs: 1500 });
  const { state = "pending", error, label = "" } = stand.data ?? {};
  useEffect(() => {
    if (state === "saved") void Promise.all(["accounts", "providers", "models"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  }, [state, queries]);
  const isOver = state !== "pending";
  const leave = (): void => {
    if (!isOver) cancel.mutate({ params: { state: begun.state } });
    onClose();
  };
  const footer = isOver
    ? <>{state !== "saved" && <Button onClick={onAgain}>{messages.tryAgain}</Button>}<Button variant="primary" onClick={onClose}>{messages.close}</Button></>
    : <Button onClick={leave}>{messages.cancel}</Button>;
  return (
    <Dialog title={`${messages.logIn}: ${title}`} onClose={leave} footer={footer}>
      <div className="stack" aria-live="polite">
        {state === "saved" && <Notice tone="success">{messages.done(label)}</Notice>}
        {state === "failed" && <Notice tone="danger">{messages.failed}: {error}</Notice>}
        {state === "unknown" && <Notice tone="danger">{messages.failed}</Notice>}
        {!isOver && <Steps begun={begun} />}
      </div>
    </Dialog>
  );
}

function Steps({ begun: { state, url, device } }: Pick<LoginProgressProps, "begun">): ReactNode {
  const messages = useMessages(accountsMessages);
  return (
    <>
      {device !== undefined && <p>{messages.codeText} <strong className="mono device-code">{device.userCode}</strong></p>}
      {url !== undefined && <p className="row"><a className="button button-primary" href={url} target="_blank" rel="noreferrer noopener"><ExternalLink aria-hidden="true" />{messages.openPage}</a><CopyButton text={url} label={messages.orCopy} /></p>}
      <p className="muted">{messages.waiting}</p>
      {device === undefined && url !== undefined && <PasteForm state={state} />}
    </>
  );
}

function PasteForm({ state }: { readonly state: string }): ReactNode {
  const messages = useMessages(accountsMessages);
  const errorText = useErrorText();
  const [pasted, setPasted] = useState("");
  const answer = useWrite("answerLogin", { stale: ["loginState"] });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    answer.mutate({ params: { state }, body: { pasted } });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextField label={messages.pasteLabel} hint={messages.pasteHint} monospace value={pasted} onChange={setPasted} autoComplete="off" required {...(answer.isError && { error: errorText(answer.error) })} />
      <div><Button type="submit" busy={answer.isPending}>{messages.pasteSend}</Button></div>
    </form>
  );
}
