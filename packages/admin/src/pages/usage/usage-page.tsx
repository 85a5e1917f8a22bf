import Download from "lucide-react/icons/download";
import type { ReactNode } from "react";
import type { UsageRow } from "../../../../gateway/src/management/contract/usage.ts";
import { addressOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { DateRangePicker } from "../../ui/date-range.tsx";
import { SelectField } from "../../ui/fields.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Segments, Tabs } from "../../ui/tabs.tsx";
import { AttemptsTable } from "./attempts-table.tsx";
import { UsageChart } from "./usage-chart.tsx";
import { UsageFilters } from "./usage-filters.tsx";
import { usageMessages } from "./usage-messages.ts";
import { FILTERS, GROUPS, METRICS, OUTCOMES, timeOf, useUsageQuestion, type Filter, type UsageQuestion } from "./usage-question.ts";
import { UsageTable } from "./usage-table.tsx";
import { UsageTotals } from "./usage-totals.tsx";

export default function UsagePage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(usageMessages);
  const question = useUsageQuestion();
  return (
    <Page wide title={pages.usage} description={messages.description} actions={<DateRangePicker value={question.range} onChange={question.setRange} />}>
      <div className="stack">
        <UsageFilters question={question} />
        <Tabs label={pages.usage} value={question.view} onChange={(view) => question.search.set({ view: view === "summary" ? undefined : view, attempt: undefined })} tabs={[{ id: "summary", label: messages.summary }, { id: "attempts", label: messages.attempts }]}>
          {question.view === "summary" ? <Summary question={question} /> : <Attempts question={question} />}
        </Tabs>
      </div>
    </Page>
  );
}

function Summary({ question }: { readonly question: UsageQuestion }): ReactNode {
  const messages = useMessages(usageMessages);
  const domain = useMessages(domainMessages);
  const { query, group, metric, search } = question;
  const reading = useRead("usageSummary", { query: { ...query, groupBy: group } }, { keep: true });
  return (
    <Loaded query={reading} skeleton={<Skeleton lines={10} />}>
      {({ rows, totals }) => (
        <div className="stack">
          <UsageTotals totals={totals} />
          <Card title={messages[metric]} description={messages.showingUtc} actions={<Segments label={messages.metric} value={metric} onChange={(next) => search.set({ metric: next === "cost" ? undefined : next })} options={METRICS.map((id) => ({ id, label: messages[id] }))} />}>
            <UsageChart question={question} />
          </Card>
          <Card
            flush
            title={<SelectField label={messages.groupBy} value={group} onChange={(next) => search.set({ group: next === "model" ? undefined : next })} options={GROUPS.map((value) => ({ value, label: domain.dimensions[value] }))} className="inline-field" />}
            actions={<CsvLink address={addressOf("usageCsv", { query: { ...query, groupBy: group } })} label={messages.downloadSummary} />}
          >
            <UsageTable rows={rows} totals={totals} group={group} metric={metric} onOpen={(row) => drillDown(row, question)} />
          </Card>
        </div>
      )}
    </Loaded>
  );
}

function Attempts({ question }: { readonly question: UsageQuestion }): ReactNode {
  const messages = useMessages(usageMessages);
  const domain = useMessages(domainMessages);
  const outcome = OUTCOMES.find((id) => id === question.outcomes[0]) ?? "any";
  return (
    <Card
      flush
      title={<Segments label={messages.outcome} value={outcome} onChange={(next) => question.search.set({ outcome: next === "any" ? undefined : next })} options={[{ id: "any" as const, label: messages.anyOutcome }, ...OUTCOMES.map((id) => ({ id, label: domain.outcomes[id] }))]} />}
      actions={<CsvLink address={addressOf("usageRecordsCsv", { query: { ...question.query, outcome: question.outcomes } })} label={messages.downloadAttempts} />}
    >
      <AttemptsTable question={question} />
    </Card>
  );
}

/** A link, so that the browser saves the file as it comes. */
function CsvLink({ address, label }: { readonly address: string; readonly label: string }): ReactNode {
  return <a className="button button-secondary" href={address} download><Download /><span className="button-label">{label}</span></a>;
}

/** The attempts behind a row of sums. */
function drillDown(row: UsageRow, { group, search }: UsageQuestion): void {
  const value = row.dimensions[group];
  const filter = FILTERS.find((name) => name === group) as Filter | undefined;
  const day = group === "day" || group === "hour" ? new Date(timeOf(row)).toISOString().slice(0, 10) : undefined;
  search.set({ view: "attempts", ...(filter !== undefined && value !== undefined && { [filter]: String(value) }), ...(day !== undefined && { range: undefined, from: day, to: day }) });
}
