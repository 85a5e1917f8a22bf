import { useMutation, useQueryClient } from "@tanstack/react-query";
import Upload from "lucide-react/icons/upload";
import { useRef, type ReactNode } from "react";
import { request } from "../../api/client.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { accountsMessages } from "./accounts-messages.ts";

/** Files of logins from this computer, as this or another gateway wrote them. */
export function UploadLogins(): ReactNode {
  const messages = useMessages(accountsMessages);
  const format = useFormat();
  const toast = useToast();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const upload = useMutation<number, Error, readonly File[]>({
    mutationFn: async (files) => {
      for (const file of files) await request("POST", `/v0/management/auth-files?name=${encodeURIComponent(file.name)}`, { text: { content: await file.text(), type: "application/json" } });
      return files.length;
    },
    onSuccess: (count) => toast.done(messages.uploaded(format.number(count))),
    onError: (error) => toast.failed(error),
    onSettled: () => Promise.all(["accounts", "providers", "models"].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
  return (
    <>
      <Button icon={<Upload />} busy={upload.isPending} onClick={() => input.current?.click()}>{messages.upload}</Button>
      <input ref={input} hidden type="file" accept=".json,application/json" multiple aria-label={messages.upload} onChange={({ target }) => {
        const files = [...(target.files ?? [])];
        target.value = "";
        if (files.length > 0) upload.mutate(files);
      }} />
    </>
  );
}
