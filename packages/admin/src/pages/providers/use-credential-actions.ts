import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import type { UpstreamView } from "../../../../gateway/src/management/contract/house.ts";
import { request } from "../../api/client.ts";
import { useWrite } from "../../api/hooks.ts";
import type { AskedArgument, Reply } from "../../api/operations.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import { useToast } from "../../ui/toast.tsx";
import { removalOf } from "./config-path.ts";
import type { Credential } from "./credential-row.tsx";
import { providersMessages } from "./providers-messages.ts";

interface CredentialActions {
  readonly test: UseMutationResult<Reply<"testCredential">, Error, AskedArgument<"testCredential">>;
  readonly reset: UseMutationResult<unknown, Error, void>;
  setDisabled(disabled: boolean): void;
  remove(): Promise<void>;
}

const STALE = { stale: ["providers", "models"] as const };

export function useCredentialActions({ index, label, configPath }: Credential, upstream: UpstreamView): CredentialActions {
  const messages = useMessages(providersMessages);
  const confirm = useConfirm();
  const toast = useToast();
  const queries = useQueryClient();
  const test = useWrite("testCredential", { stale: ["providers"] });
  const toggle = useWrite("setCredential", STALE);
  const change = useWrite("changeConfig", STALE);
  const reset = useMutation<unknown, Error, void>({
    mutationFn: () => request("POST", "/v0/management/reset-quota", { body: { auth_index: index } }),
    onSuccess: () => {
      toast.done(messages.resetDone);
      return queries.invalidateQueries({ queryKey: ["providers"] });
    },
    onError: (error) => toast.failed(error),
  });
  return {
    test, reset,
    setDisabled: (disabled) => toggle.mutate({ params: { index }, body: { disabled } }, { onSuccess: () => toast.done(disabled ? messages.disabledDone : messages.enabledDone), onError: (error) => toast.failed(error) }),
    async remove() {
      if (configPath === undefined || !(await confirm({ title: messages.removeAsk(label), message: messages.removeText, action: messages.remove, danger: true }))) return;
      change.mutate({ body: { set: [], remove: [[...removalOf(configPath, upstream.credentials.length)]] } }, { onSuccess: () => toast.done(messages.removedDone), onError: (error) => toast.failed(error) });
    },
  };
}
