import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../../api/client.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { LazyDiffView } from "../../ui/editor/lazy.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { Notice } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";
import { readConfigText, writeConfigText } from "../parts/config-text.ts";
import { configMessages } from "./config-messages.ts";
import { ConfigProblems } from "./config-problems.tsx";
import type { ConfigCheck } from "./use-config-check.ts";
import type { ConfigDraft } from "./use-config-draft.ts";

interface ReviewDialogProps {
  readonly draft: ConfigDraft;
  readonly text: string;
  readonly onClose: () => void;
  readonly onSaved: (needsRestart: boolean) => void;
  readonly onShowLine: (line: number) => void;
}

/** The file is not what it was when the editing began. */
class Conflict extends Error {
  readonly theirs: string;

  constructor(theirs: string) {
    super("conflict");
    this.theirs = theirs;
  }
}

/** What will change, before it does; and the last look whether somebody else was faster. */
export function ReviewDialog({ draft, text, onClose, onSaved, onShowLine }: ReviewDialogProps): ReactNode {
  const messages = useMessages(configMessages);
  const ui = useMessages(uiMessages);
  const errorText = useErrorText();
  const [theirs, setTheirs] = useState(draft.theirs);
  const check = useQuery({ queryKey: ["checkConfig", text, "review"], queryFn: () => call("checkConfig", { body: { text } }), gcTime: 0, staleTime: 0 });
  const save = useMutation<void, Error, boolean>({
    mutationFn: async (overwrite) => {
      const now = (await readConfigText()) ?? "";
      if (!overwrite && now !== draft.base) throw new Conflict(now);
      await writeConfigText(text);
    },
    onSuccess: () => {
      draft.saved(text);
      onSaved(check.data?.changes.some(({ reload }) => reload === "restart") === true);
    },
    onError: (error) => {
      if (error instanceof Conflict) setTheirs(error.theirs);
    },
  });
  const ok = check.data?.ok === true;
  const reload = (): void => void draft.restart().then(onClose);
  return (
    <Dialog
      variant="wide"
      title={messages.reviewTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          {theirs === undefined
            ? <Button variant="primary" busy={save.isPending} disabled={!ok} onClick={() => save.mutate(false)}>{messages.save}</Button>
            : <><Button onClick={reload}>{messages.reload}</Button><Button variant="danger" busy={save.isPending} disabled={!ok} onClick={() => save.mutate(true)}>{messages.overwrite}</Button></>}
        </>
      }
    >
      <div className="stack">
        {save.isError && !(save.error instanceof Conflict) && <Notice tone="danger">{errorText(save.error)}</Notice>}
        {theirs !== undefined && (
          <>
            <Notice tone="warning"><p className="strong">{messages.conflict}</p><p>{messages.conflictText}</p></Notice>
            <h3>{messages.theirs}</h3>
            <LazyDiffView language="yaml" before={draft.base} after={theirs} />
          </>
        )}
        <Loaded query={check}>
          {(data) => (data.ok
            ? <Changes changes={data.changes} />
            : <><Notice tone="danger">{messages.blocked}</Notice><ConfigProblems check={data} waiting={false} onShow={onShowLine} /></>)}
        </Loaded>
        <LazyDiffView language="yaml" before={theirs ?? draft.base} after={text} />
      </div>
    </Dialog>
  );
}

function Changes({ changes }: { readonly changes: ConfigCheck["changes"] }): ReactNode {
  const messages = useMessages(configMessages);
  if (changes.length === 0) return <p className="muted">{messages.noChanges}</p>;
  return (
    <section className="stack-tight">
      <h3>{messages.changes}</h3>
      <ul className="config-changes">
        {changes.map(({ path, summary, reload }) => <li key={path}><span className="mono">{path}</span><span>{summary}</span><Badge tone={reload === "live" ? "success" : "warning"}>{messages[reload]}</Badge></li>)}
      </ul>
    </section>
  );
}
