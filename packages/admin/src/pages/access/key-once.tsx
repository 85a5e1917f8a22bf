import type { ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ClientSettings } from "../parts/client-settings.tsx";
import { accessMessages } from "./access-messages.ts";

/** A key in full, for the only time. It does not close by accident. */
export function KeyOnce({ secret, rotated = false, onClose }: { readonly secret: string; readonly rotated?: boolean; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(accessMessages);
  return (
    <Dialog variant="wide" stubborn title={rotated ? messages.onceRotated : messages.onceTitle} description={messages.onceText} onClose={onClose} footer={<Button variant="primary" onClick={onClose}>{messages.onceDone}</Button>}>
      <div className="stack">
        <div className="secret-once">
          <code data-testid="secret">{secret}</code>
          <CopyButton text={secret} label={messages.onceCopy} variant="primary" />
        </div>
        <section className="stack-tight">
          <h3>{messages.useIt}</h3>
          <ClientSettings secret={secret} />
        </section>
      </div>
    </Dialog>
  );
}
