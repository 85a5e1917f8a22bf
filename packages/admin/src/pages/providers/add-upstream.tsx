import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { call } from "../../api/client.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { SecretField, TextField } from "../../ui/fields.tsx";
import { ListField } from "../../ui/list-field.tsx";
import { Notice } from "../../ui/page.tsx";
import { readConfigText } from "../parts/config-text.ts";
import { appendTo } from "./config-path.ts";
import { entryOf, PRESETS, type ProviderPreset, type UpstreamDraft } from "./provider-presets.ts";
import { providersMessages } from "./providers-messages.ts";

interface AddUpstreamProps {
  /** Id of a preset that is chosen already. */
  readonly initial?: string;
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}

/** First which vendor, then its key. */
export function AddUpstream({ initial, onClose, onAdded }: AddUpstreamProps): ReactNode {
  const messages = useMessages(providersMessages);
  const [preset, setPreset] = useState(() => PRESETS.find(({ id }) => id === initial));
  if (preset !== undefined) return <UpstreamForm key={preset.id} preset={preset} onBack={() => setPreset(undefined)} onAdded={onAdded} onClose={onClose} />;
  return (
    <Dialog variant="wide" title={messages.addTitle} description={messages.addPick} onClose={onClose}>
      <ul className="preset-grid">
        {PRESETS.map((one) => <li key={one.id}><button type="button" className="preset" onClick={() => setPreset(one)}><span className="strong">{one.name}</span><span className="muted small cut">{(one.baseUrl ?? "") === "" ? one.list : one.baseUrl?.replace(/^https?:\/\//, "")}</span></button></li>)}
      </ul>
    </Dialog>
  );
}

interface UpstreamFormProps {
  readonly preset: ProviderPreset;
  readonly onBack: () => void;
  readonly onAdded: (name: string) => void;
  readonly onClose: () => void;
}

function UpstreamForm({ preset, onBack, onAdded, onClose }: UpstreamFormProps): ReactNode {
  const messages = useMessages(providersMessages);
  const errorText = useErrorText();
  const [draft, setDraft] = useState<UpstreamDraft>({ name: preset.baseUrl === undefined ? "" : preset.id, key: "", baseUrl: preset.baseUrl ?? "", proxyUrl: "", models: [] });
  const add = useAddUpstream(preset);
  const patch = (change: Partial<UpstreamDraft>): void => setDraft({ ...draft, ...change });
  const named = preset.list === "openai-compatibility";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate(draft, { onSuccess: () => onAdded(preset.name) });
  };
  return (
    <Dialog title={`${messages.addTitle}: ${preset.name}`} onClose={onClose} footer={<><Button onClick={onBack}>{messages.back}</Button><Button type="submit" form="upstream-form" variant="primary" busy={add.isPending}>{messages.save}</Button></>}>
      <form id="upstream-form" className="stack" onSubmit={submit}>
        {add.isError && <Notice tone="danger">{errorText(add.error)}</Notice>}
        {named && <TextField label={messages.upstreamName} hint={messages.upstreamNameHint} value={draft.name} onChange={(name) => patch({ name })} required pattern="[^\/\s]+" autoComplete="off" />}
        <SecretField label={messages.key} hint={preset.needsKey ? messages.keyHint : messages.keyOptional} value={draft.key} onChange={(key) => patch({ key })} required={preset.needsKey} placeholder={preset.keyHint} autoFocus />
        <TextField label={messages.baseUrl} type="url" monospace value={draft.baseUrl} onChange={(baseUrl) => patch({ baseUrl })} required={preset.baseUrl !== ""} autoComplete="off" {...(preset.baseUrl === "" && { hint: messages.baseUrlOwn })} />
        <details className="more">
          <summary>{messages.more}</summary>
          <div className="stack">
            <TextField label={messages.proxy} hint={messages.proxyHint} monospace value={draft.proxyUrl} onChange={(proxyUrl) => patch({ proxyUrl })} autoComplete="off" />
            <ListField label={messages.modelList} hint={messages.modelListHint} values={draft.models} onChange={(models) => patch({ models })} />
          </div>
        </details>
      </form>
    </Dialog>
  );
}

function useAddUpstream(preset: ProviderPreset): ReturnType<typeof useMutation<unknown, Error, UpstreamDraft>> {
  const queries = useQueryClient();
  return useMutation<unknown, Error, UpstreamDraft>({
    mutationFn: async (draft) => {
      const { parse } = await import("yaml");
      const { path, value } = appendTo(parse((await readConfigText()) ?? ""), preset.list, entryOf(preset, draft));
      return call("changeConfig", { body: { set: [{ path: [...path], value: value as never }], remove: [] } });
    },
    onSuccess: () => Promise.all(["providers", "models", "checkSetup"].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
}
