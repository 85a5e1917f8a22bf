import { useNavigate } from "react-router";
import type { KeyView } from "../../../../gateway/src/management/contract/people.ts";
import { useWrite } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import { useToast } from "../../ui/toast.tsx";
import { accessMessages } from "./access-messages.ts";

export interface KeyActions {
  edit(key: KeyView): void;
  rotate(key: KeyView): void;
  setActive(key: KeyView, active: boolean): void;
  remove(key: KeyView): void;
  showUsage(key: KeyView): void;
}

const STALE = { stale: ["listKeys", "listUsers", "getKey"] as const };

/** What can be done to a key that is there; asks first where something ends. */
export function useKeyActions({ edit, onSecret }: { readonly edit: (key: KeyView) => void; readonly onSecret: (secret: string) => void }): KeyActions {
  const messages = useMessages(accessMessages);
  const confirm = useConfirm();
  const toast = useToast();
  const navigate = useNavigate();
  const rotate = useWrite("rotateKey", STALE);
  const update = useWrite("updateKey", STALE);
  const remove = useWrite("deleteKey", STALE);
  const nameOf = ({ name, prefix }: KeyView): string => name ?? prefix;
  const told = (message: string): { onSuccess: () => void; onError: (error: Error) => void } => ({ onSuccess: () => toast.done(message), onError: (error) => toast.failed(error) });
  return {
    edit,
    async rotate(key) {
      if (await confirm({ title: messages.rotateAsk(nameOf(key)), message: messages.rotateText, action: messages.rotate })) rotate.mutate({ params: { id: key.id } }, { onSuccess: ({ key: secret }) => onSecret(secret), onError: (error) => toast.failed(error) });
    },
    async setActive(key, active) {
      if (active || (await confirm({ title: messages.disableAsk(nameOf(key)), message: messages.disableText, action: messages.disable }))) update.mutate({ params: { id: key.id }, body: { active } }, told(active ? messages.enabled : messages.disabled));
    },
    async remove(key) {
      if (await confirm({ title: messages.deleteKeyAsk(nameOf(key)), message: messages.deleteKeyText, action: messages.remove, danger: true })) remove.mutate({ params: { id: key.id } }, told(messages.removed));
    },
    showUsage: (key) => void navigate(`/usage?key=${key.id}&range=30d`),
  };
}
