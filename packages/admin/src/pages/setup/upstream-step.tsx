import { useState, type ReactNode } from "react";
import { useRead, useWrite } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { Notice } from "../../ui/page.tsx";
import { AddUpstream } from "../providers/add-upstream.tsx";
import { PRESETS } from "../providers/provider-presets.ts";
import { setupMessages } from "./setup-messages.ts";

/** Providers that are offered at once; the others are one click away. */
const OFFERED = 8;

/** Adds a provider, and tries its credential. Upstreams that were found without configuration count as well. */
export function UpstreamStep({ onDone }: { readonly onDone: () => void }): ReactNode {
  const messages = useMessages(setupMessages);
  const [adding, setAdding] = useState<{ readonly preset?: string }>();
  const [added, setAdded] = useState<string>();
  const providers = useRead("providers");
  const models = useRead("models");
  const served = models.data?.models.length ?? 0;
  const names = (providers.data?.upstreams ?? []).map(({ name }) => name);
  const credential = (providers.data?.upstreams ?? []).find(({ name }) => name === added)?.credentials.at(-1) ?? providers.data?.upstreams.at(-1)?.credentials.at(-1);
  return (
    <div className="stack">
      <p className="prose">{messages.upstreamText}</p>
      <div className="choice-grid">
        {PRESETS.slice(0, OFFERED).map(({ id, name }) => <button key={id} type="button" className="choice" onClick={() => setAdding({ preset: id })}>{name}</button>)}
        <button type="button" className="choice" onClick={() => setAdding({})}>{messages.upstreamMore}…</button>
      </div>
      {served > 0 && <Notice tone="success">{messages.upstreamFound(String(served), names.join(", "))}</Notice>}
      {credential !== undefined && served > 0 && <TestCredential key={credential.index} index={credential.index} />}
      <div className="row">
        <Button variant={served > 0 ? "primary" : "ghost"} onClick={onDone}>{served > 0 ? messages.goOn : messages.skip}</Button>
      </div>
      {adding !== undefined && (
        <AddUpstream
          {...(adding.preset !== undefined && { initial: adding.preset })}
          onClose={() => setAdding(undefined)}
          onAdded={(name) => {
            setAdded(name);
            setAdding(undefined);
          }}
        />
      )}
    </div>
  );
}

function TestCredential({ index }: { readonly index: string }): ReactNode {
  const messages = useMessages(setupMessages);
  const format = useFormat();
  const errorText = useErrorText();
  const test = useWrite("testCredential");
  return (
    <div className="stack-tight">
      <div><Button busy={test.isPending} onClick={() => test.mutate({ params: { index }, body: {} })}>{messages.upstreamTest}</Button></div>
      <div role="status">
        {test.data?.ok === true && <Notice tone="success">{messages.upstreamTested(test.data.model, format.duration(test.data.durationMs))}</Notice>}
        {test.data?.ok === false && <Notice tone="danger">{test.data.message}</Notice>}
        {test.isError && <Notice tone="danger">{errorText(test.error)}</Notice>}
      </div>
    </div>
  );
}
