import Download from "lucide-react/icons/download";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../../api/client.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { TextArea, TextField } from "../../ui/fields.tsx";
import { saveFile } from "../parts/save-file.ts";
import { accessMessages } from "./access-messages.ts";
import { parseBatch, toCsv, type BatchLine } from "./csv.ts";

interface Made extends BatchLine {
  readonly key?: string;
  readonly error?: string;
}

/** Users from lines of text, a key for each, and a file with what came of it. */
export function BatchUsers({ onClose }: { readonly onClose: () => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const confirm = useConfirm();
  const [made, setMade] = useState<readonly Made[]>();
  const [saved, setSaved] = useState(false);
  const close = async (): Promise<void> => {
    const lost = made?.some(({ key }) => key !== undefined) === true && !saved;
    if (!lost || (await confirm({ title: messages.batchLose, message: messages.batchLoseText, action: messages.batchClose, danger: true }))) onClose();
  };
  return made === undefined
    ? <BatchEntry onClose={onClose} onMade={setMade} />
    : <BatchResult made={made} onSave={() => setSaved(true)} onClose={() => void close()} />;
}

function BatchEntry({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (made: readonly Made[]) => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const format = useFormat();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [keyName, setKeyName] = useState("");
  const [done, setDone] = useState<number>();
  const { lines, wrong } = parseBatch(text);
  const start = async (): Promise<void> => {
    const made: Made[] = [];
    for (const line of lines) {
      setDone(made.length);
      made.push(await makeOne(line, keyName.trim()).catch((error: unknown) => ({ ...line, error: errorText(error) })));
    }
    await Promise.all(["listUsers", "listKeys"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
    onMade(made);
  };
  return (
    <Dialog
      title={messages.batchTitle}
      description={messages.batchText}
      onClose={onClose}
      stubborn={done !== undefined}
      footer={<><Button onClick={onClose} disabled={done !== undefined}>{ui.cancel}</Button><Button variant="primary" disabled={lines.length === 0 || wrong.length > 0} busy={done !== undefined} onClick={() => void start()}>{done === undefined ? messages.batchStart : `${done + 1} / ${lines.length}`}</Button></>}
    >
      <div className="stack">
        <TextArea label={messages.batchField} monospace rows={9} value={text} onChange={setText} placeholder={"research,research@example.com\nbuild-bot"} autoFocus hint={messages.batchCount(format.number(lines.length))} {...(wrong.length > 0 && { error: messages.batchWrong(wrong.join(", ")) })} />
        <TextField label={messages.batchKeyName} value={keyName} onChange={setKeyName} maxLength={200} autoComplete="off" />
      </div>
    </Dialog>
  );
}

async function makeOne(line: BatchLine, keyName: string): Promise<Made> {
  const user = await call("createUser", { body: line });
  const { key } = await call("createKey", { body: { userId: user.id, ...(keyName !== "" && { name: keyName }) } });
  return { ...line, key };
}

function BatchResult({ made, onSave, onClose }: { readonly made: readonly Made[]; readonly onSave: () => void; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const format = useFormat();
  const good = made.filter(({ key }) => key !== undefined).length;
  const save = (): void => {
    saveFile("keys.csv", "text/csv", toCsv([["username", "email", "key", "error"], ...made.map(({ username, email = "", key = "", error = "" }) => [username, email, key, error])]));
    onSave();
  };
  return (
    <Dialog title={messages.batchResult} description={messages.batchDownloadHint} stubborn onClose={onClose} footer={<><Button onClick={onClose}>{messages.batchClose}</Button><Button variant="primary" icon={<Download />} disabled={good === 0} onClick={save}>{messages.batchDownload}</Button></>}>
      <p className="strong">{messages.batchDone(format.number(good), format.number(made.length - good))}</p>
      <ul className="plain-list batch-list">
        {made.map(({ username, error }) => <li key={username} className="row row-apart"><span>{username}</span>{error === undefined ? <Badge dot tone="success">OK</Badge> : <span className="text-danger small">{error}</span>}</li>)}
      </ul>
    </Dialog>
  );
}
