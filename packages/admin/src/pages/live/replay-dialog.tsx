import { useRef, useState, type FormEvent, type ReactNode } from "react";
import type { LiveRequest } from "../../../../gateway/src/management/contract/live.ts";
import { send } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { readReply, type ReplySoFar } from "../../api/reply-text.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { SelectField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { liveMessages } from "./live-messages.ts";

/** Sends a kept request again and shows the reply as it comes. Closing it ends the call. */
export function ReplayDialog({ request, onClose }: { readonly request: LiveRequest; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(liveMessages);
  const errorText = useErrorText();
  const models = useRead("models");
  const [model, setModel] = useState("");
  const [view, setView] = useState<"text" | "raw">("text");
  const [reply, setReply] = useState<ReplySoFar>();
  const [state, setState] = useState<{ readonly busy: boolean; readonly error?: unknown }>({ busy: false });
  const running = useRef<AbortController>(undefined);
  const run = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setState({ busy: true });
    setReply({ raw: "", text: "" });
    running.current = new AbortController();
    try {
      const response = await send("replay", { params: { requestId: request.requestId }, body: model === "" ? {} : { model } }, { signal: running.current.signal });
      await readReply(response, setReply);
      setState({ busy: false });
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  const names = (models.data?.models ?? []).map(({ id }) => id).filter((id) => id !== request.modelAsked);
  return (
    <Dialog variant="wide" title={messages.replayTitle} description={messages.replayText} onClose={() => (running.current?.abort(), onClose())}>
      <form className="stack" onSubmit={(event) => void run(event)}>
        <SelectField label={messages.replayModel} value={model} onChange={setModel} options={[{ value: "", label: messages.replayCopyOf(request.modelAsked ?? "") }, ...names.map((value) => ({ value, label: value }))]} />
        <div><Button type="submit" variant="primary" busy={state.busy}>{messages.replaySend}</Button></div>
        {state.error !== undefined && <Notice tone="danger">{errorText(state.error)}</Notice>}
        {reply !== undefined && (
          <Tabs label={messages.replayTitle} tabs={[{ id: "text", label: messages.replayRead }, { id: "raw", label: messages.replayRaw }]} value={view} onChange={setView}>
            {view === "text" ? <div className="said" aria-live="polite">{reply.text}</div> : <CodeBlock code={reply.raw} language="json" follow={state.busy} />}
          </Tabs>
        )}
      </form>
    </Dialog>
  );
}
