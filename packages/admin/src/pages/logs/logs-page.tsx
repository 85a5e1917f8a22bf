import type { ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Page } from "../../ui/page.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useSearchState } from "../parts/search-state.ts";
import { ApplicationLog } from "./application-log.tsx";
import { logsMessages } from "./logs-messages.ts";
import { RequestLogs } from "./request-logs.tsx";

export default function LogsPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(logsMessages);
  const search = useSearchState();
  const view = search.get("view") === "requests" ? "requests" : "application";
  return (
    <Page wide title={pages.logs} description={messages.description}>
      <Tabs label={pages.logs} value={view} onChange={(next) => search.set({ view: next === "application" ? undefined : next, file: undefined })} tabs={[{ id: "application", label: messages.application }, { id: "requests", label: messages.requests }]}>
        {view === "application" ? <ApplicationLog search={search} /> : <RequestLogs search={search} />}
      </Tabs>
    </Page>
  );
}
