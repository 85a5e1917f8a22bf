import type { AccountView } from "../../../../gateway/src/management/contract/accounts.ts";
import { request } from "../../api/client.ts";
import { useWrite } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import { useToast } from "../../ui/toast.tsx";
import { saveFile } from "../parts/save-file.ts";
import { accountsMessages } from "./accounts-messages.ts";

interface AccountActions {
  renew(): void;
  reset(): void;
  askQuota(): void;
  setDisabled(disabled: boolean): void;
  download(): Promise<void>;
  remove(): Promise<void>;
  readonly isBusy: boolean;
}

const STALE = { stale: ["accounts", "providers", "models"] as const };

export function useAccountActions({ file, label }: AccountView): AccountActions {
  const messages = useMessages(accountsMessages);
  const toast = useToast();
  const confirm = useConfirm();
  const renewal = useWrite("renewAccount", STALE);
  const resetting = useWrite("resetAccount", STALE);
  const asking = useWrite("askQuota", STALE);
  const setting = useWrite("setAccount", STALE);
  const removal = useWrite("removeAccount", STALE);
  const params = { file };
  const told = (words: string): { onSuccess: () => void; onError: (error: Error) => void } => ({ onSuccess: () => toast.done(words), onError: (error) => toast.failed(error) });
  return {
    renew: () => renewal.mutate({ params }, told(messages.renewed)),
    reset: () => resetting.mutate({ params }, told(messages.resetDone)),
    askQuota: () => asking.mutate({ params }, told(messages.asked)),
    setDisabled: (disabled) => setting.mutate({ params, body: { disabled } }, told(messages.switched)),
    async download() {
      try {
        const reply = await request("GET", `/v0/management/auth-files/download?name=${encodeURIComponent(file)}`);
        saveFile(file.split("/").at(-1) ?? file, "application/json", await reply.text());
      } catch (error) {
        toast.failed(error);
      }
    },
    async remove() {
      if (await confirm({ title: messages.removeAsk(label), message: messages.removeText, action: messages.remove, danger: true })) removal.mutate({ params }, told(messages.removed));
    },
    isBusy: renewal.isPending || resetting.isPending || asking.isPending || setting.isPending || removal.isPending,
  };
}
