import { useState, type FormEvent, type ReactNode } from "react";
import { Link } from "react-router";
import { request, send } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { readReply } from "../../api/reply-text.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { SelectField, TextArea } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { ClientSettings } from "../parts/client-settings.tsx";
import { setupMessages } from "./setup-messages.ts";

const MAX_TOKENS = 400;

/** With the new client key through the front door; without one, by the session. */
function ask(clientKey: string | undefined, body: unknown): Promise<Response> {
  const path = "/v1/chat/completions";
  return clientKey === undefined ? send("playground", { body: { method: "POST", path, body } }) : request("POST", path, { body, headers: { authorization: `Bearer ${clientKey}` } });
}

export function FirstCallStep({ clientKey }: { readonly clientKey: string | undefined }): ReactNode {
  const messages = useMessages(setupMessages);
  const format = useFormat();
  const errorText = useErrorText();
  const models = useRead("models");
  const names = models.data?.models.map(({ id }) => id) ?? [];
  const [chosen, setChosen] = useState("");
  const [prompt, setPrompt] = useState<string>(messages.callPromptValue);
  const [said, setSaid] = useState("");
  const [state, setState] = useState<{ readonly busy: boolean; readonly tookMs?: number; readonly error?: unknown }>({ busy: false });
  const model = chosen === "" ? (names[0] ?? "") : chosen;
  const run = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSaid("");
    setState({ busy: true });
    const startedAt = performance.now();
    try {
      const response = await ask(clientKey, { model, stream: true, max_tokens: MAX_TOKENS, messages: [{ role: "user", content: prompt }] });
      await readReply(response, ({ text }) => setSaid(text));
      setState({ busy: false, tookMs: performance.now() - startedAt });
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  if (models.isSuccess && names.length === 0) return <Notice tone="warning">{messages.callNoModel}</Notice>;
  return (
    <div className="stack">
      <form className="stack" onSubmit={(event) => void run(event)}>
        <p className="prose">{messages.callText}</p>
        <SelectField label={messages.callModel} value={model} onChange={setChosen} options={names.map((value) => ({ value, label: value }))} />
        <TextArea label={messages.callPrompt} value={prompt} onChange={setPrompt} rows={2} />
        <div><Button type="submit" variant={state.tookMs === undefined ? "primary" : "secondary"} busy={state.busy} disabled={model === "" || prompt.trim() === ""}>{messages.callSend}</Button></div>
      </form>
      {(said !== "" || state.busy) && <div className="said" role="log" aria-live="polite" data-testid="reply">{said}</div>}
      {state.error !== undefined && <Notice tone="danger">{errorText(state.error)}</Notice>}
      {state.tookMs !== undefined && (
        <>
          <Notice tone="success">{messages.callDone(format.duration(state.tookMs))}</Notice>
          <h3>{messages.client}</h3>
          <ClientSettings secret={clientKey ?? ""} model={model} />
          <div><Link className="button button-primary" to="/">{messages.finish}</Link></div>
        </>
      )}
    </div>
  );
}
