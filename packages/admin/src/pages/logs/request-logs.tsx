import { useMutation, useQuery } from "@tanstack/react-query";
import FileText from "lucide-react/icons/file-text";
import { useState, type ReactNode } from "react";
import { ApiError } from "../../api/api-error.ts";
import { readBody, request } from "../../api/client.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { TextField } from "../../ui/fields.tsx";
import { Card } from "../../ui/page.tsx";
import { EmptyState, ErrorState, Loaded, Skeleton } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import type { SearchState } from "../parts/search-state.ts";
import { logsMessages } from "./logs-messages.ts";

interface LogFile {
  readonly name: string;
  readonly size: number;
  /** Unix seconds. */
  readonly modified: number;
}

const BASE = "/v0/management";
const readText = async (path: string): Promise<string> => (await request("GET", BASE + path)).text();

/** Logs of failed requests, and of any request by its id. */
export function RequestLogs({ search }: { readonly search: SearchState }): ReactNode {
  const messages = useMessages(logsMessages);
  const format = useFormat();
  const opened = search.get("file");
  const query = useQuery({ queryKey: ["request-error-logs"], queryFn: async () => ((await readBody(await request("GET", `${BASE}/request-error-logs`))) as { readonly files: readonly LogFile[] }).files });
  return (
    <div className="stack">
      <FindById />
      <Card flush title={messages.files} description={messages.filesText}>
        <Loaded query={query} skeleton={<div className="card-waiting"><Skeleton lines={5} /></div>}>
          {(files) => (
            <Table
              label={messages.files}
              rows={files}
              rowKey={({ name }) => name}
              onOpen={({ name }) => search.set({ file: name })}
              isSelected={({ name }) => name === opened}
              empty={<EmptyState icon={<FileText />} title={messages.noFiles}>{messages.noFilesText}</EmptyState>}
              columns={[
                { id: "name", header: messages.fileName, grow: true, cell: ({ name }) => <span className="mono">{name}</span>, sortBy: ({ name }) => name },
                { id: "modified", header: messages.modified, from: "small", cell: ({ modified }) => <span className="number">{format.dateTime(modified * 1000)}</span>, sortBy: ({ modified }) => modified },
                { id: "size", header: messages.size, align: "end", cell: ({ size }) => format.bytes(size), sortBy: ({ size }) => size },
              ]}
            />
          )}
        </Loaded>
      </Card>
      {opened !== undefined && <LogFileView name={opened} onClose={() => search.set({ file: undefined })} />}
    </div>
  );
}

function FindById(): ReactNode {
  const messages = useMessages(logsMessages);
  const errorText = useErrorText();
  const [id, setId] = useState("");
  const find = useMutation({ mutationFn: (wanted: string) => readText(`/request-log-by-id/${encodeURIComponent(wanted)}`) });
  const missing = find.error instanceof ApiError && find.error.status === 404;
  return (
    <form
      className="find-by-id"
      onSubmit={(event) => {
        event.preventDefault();
        find.mutate(id.trim());
      }}
    >
      <TextField label={messages.byId} monospace value={id} onChange={setId} required pattern="[\w\-]+" placeholder="a1b2c3d4" {...(find.isError && { error: missing ? messages.notFound : errorText(find.error) })} />
      <Button type="submit" busy={find.isPending}>{messages.find}</Button>
      {find.data !== undefined && <Dialog variant="sheet" title={find.variables} onClose={() => find.reset()}><CodeBlock tall code={find.data} title={find.variables} /></Dialog>}
    </form>
  );
}

function LogFileView({ name, onClose }: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const query = useQuery({ queryKey: ["request-error-log", name], queryFn: () => readText(`/request-error-logs/${encodeURIComponent(name)}`) });
  return (
    <Dialog variant="sheet" title={name} onClose={onClose}>
      {query.data === undefined ? query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton lines={10} /> : <CodeBlock tall code={query.data} title={name} />}
    </Dialog>
  );
}
