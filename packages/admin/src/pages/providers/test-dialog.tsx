import { useState, type ReactNode } from "react";
import type { UpstreamView } from "../../../../gateway/src/management/contract/house.ts";
import { useRead } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/fields.tsx";
import type { Credential } from "./credential-row.tsx";
import { providersMessages } from "./providers-messages.ts";

interface TestDialogProps {
  readonly credential: Credential;
  readonly upstream: UpstreamView;
  readonly onClose: () => void;
  /** Empty: any model. */
  readonly onStart: (model: string) => void;
}

export function TestDialog({ credential, upstream, onClose, onStart }: TestDialogProps): ReactNode {
  const messages = useMessages(providersMessages);
  const ui = useMessages(uiMessages);
  const [model, setModel] = useState("");
  const models = useRead("models");
  const served = (models.data?.models ?? []).filter(({ servedBy }) => servedBy.some((one) => one.upstream === upstream.name));
  return (
    <Dialog title={`${messages.testTitle}: ${credential.label}`} description={messages.testText} onClose={onClose} footer={<><Button onClick={onClose}>{ui.cancel}</Button><Button variant="primary" onClick={() => onStart(model)}>{messages.test}</Button></>}>
      <SelectField label={messages.model} value={model} onChange={setModel} options={[{ value: "", label: messages.anyModel }, ...served.map(({ id }) => ({ value: id, label: id }))]} />
    </Dialog>
  );
}
