import { useQueryClient } from "@tanstack/react-query";
import Eye from "lucide-react/icons/eye";
import type { ReactNode } from "react";
import { useWrite } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import { Switch } from "../../ui/fields.tsx";
import { Notice } from "../../ui/page.tsx";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { liveMessages } from "./live-messages.ts";
import type { CaptureState } from "./use-live-requests.ts";

const MINUTES = 15;

/** Switches the keeping of bodies, on only after a plain warning. */
function useCapture(capture: CaptureState | undefined): { readonly set: (enabled: boolean) => Promise<void>; readonly busy: boolean } {
  const messages = useMessages(liveMessages);
  const format = useFormat();
  const confirm = useConfirm();
  const toast = useToast();
  const queries = useQueryClient();
  const write = useWrite("setCapture");
  const set = async (enabled: boolean): Promise<void> => {
    const bounds = capture === undefined ? "" : messages.captureBounds(format.number(capture.maxRequests), format.bytes(capture.maxBytes));
    if (enabled && !(await confirm({ title: messages.captureTitle, message: <><p>{messages.captureWarning}</p><p>{bounds}</p></>, action: messages.captureYes }))) return;
    write.mutate({ body: { enabled, ...(enabled && { minutes: MINUTES }) } }, {
      onSuccess: async () => {
        toast.done(enabled ? messages.captured : messages.captureEnded);
        await Promise.all(["listLive", "system"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
      },
      onError: toast.failed,
    });
  };
  return { set, busy: write.isPending };
}

export function CaptureSwitch({ capture, hint }: { readonly capture: CaptureState | undefined; readonly hint?: ReactNode }): ReactNode {
  const messages = useMessages(liveMessages);
  const { set, busy } = useCapture(capture);
  return <Switch label={messages.capture} hint={hint} checked={capture?.enabled ?? false} disabled={busy || capture === undefined} onChange={(enabled) => void set(enabled)} />;
}

/** Says for as long as bodies are kept that they are. */
export function CaptureNotice({ capture }: { readonly capture: CaptureState }): ReactNode {
  const messages = useMessages(liveMessages);
  const format = useFormat();
  const { set, busy } = useCapture(capture);
  if (!capture.enabled) return null;
  return (
    <Notice tone="warning" icon={<Eye />} action={<Button size="small" busy={busy} onClick={() => void set(false)}>{messages.captureStop}</Button>}>
      {capture.until === undefined ? messages.captureOnForever : messages.captureOn(format.time(capture.until))}
    </Notice>
  );
}
