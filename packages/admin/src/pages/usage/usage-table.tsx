import type { ReactNode } from "react";
import type { UsageRow, UsageSumsView } from "../../../../gateway/src/management/contract/usage.ts";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Money } from "../parts/money.tsx";
import { useRowLabel } from "./row-label.ts";
import { usageMessages } from "./usage-messages.ts";
import { metricOf, timeOf, type Group, type Metric } from "./usage-question.ts";

interface UsageTableProps {
  readonly rows: readonly UsageRow[];
  readonly totals: UsageSumsView;
  readonly group: Group;
  readonly metric: Metric;
  /** A row was chosen: its attempts are wanted. */
  readonly onOpen: (row: UsageRow) => void;
}

export function UsageTable({ rows, totals, group, metric, onOpen }: UsageTableProps): ReactNode {
  const messages = useMessages(usageMessages);
  const domain = useMessages(domainMessages);
  const columns = useColumns(group, metric, totals);
  const byTime = group === "day" || group === "hour";
  return (
    <Table
      key={`${group}-${metric}`}
      label={messages.summary}
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.dimensions[group] ?? row.dimensions.day ?? "")}
      onOpen={onOpen}
      sort={{ column: byTime ? "name" : metric, descending: true }}
      empty={<EmptyState title={messages.empty}>{messages.emptyText}</EmptyState>}
      footer={<TotalsRow columns={columns} totals={totals} name={`${messages.total} · ${domain.dimensions[group]}: ${rows.length}`} />}
    />
  );
}

function useColumns(group: Group, metric: Metric, totals: UsageSumsView): readonly Column<UsageRow>[] {
  const messages = useMessages(usageMessages);
  const domain = useMessages(domainMessages);
  const format = useFormat();
  const labelOf = useRowLabel();
  const whole = metricOf(totals, metric);
  const tokens = (id: string, header: string, value: (row: UsageSumsView) => number, from?: "medium" | "large"): Column<UsageRow> => ({ id, header, align: "end", cell: (row) => format.compact(value(row)), sortBy: value, ...(from !== undefined && { from }) });
  return [
    { id: "name", header: domain.dimensions[group], grow: true, cell: (row) => labelOf(row, group), sortBy: (row) => (group === "day" || group === "hour" ? timeOf(row) : labelOf(row, group)) },
    { id: "share", header: messages.share, from: "large", cell: (row) => <span className="meter" title={format.percent(whole === 0 ? 0 : metricOf(row, metric) / whole)}><span style={{ width: `${whole === 0 ? 0 : (metricOf(row, metric) / whole) * 100}%` }} /></span> },
    { id: "requests", header: messages.requests, align: "end", cell: (row) => format.number(row.requests), sortBy: (row) => row.requests },
    { id: "failed", header: messages.failed, align: "end", from: "medium", cell: (row) => (row.failed === 0 ? <span className="muted">0</span> : <span className="text-danger">{format.number(row.failed)}</span>), sortBy: (row) => row.failed },
    tokens("input", domain.tokens.input, (row) => row.inputTokens + row.cacheWriteTokens, "large"),
    tokens("cached", domain.tokens.cacheRead, (row) => row.cacheReadTokens, "large"),
    tokens("output", domain.tokens.output, (row) => row.outputTokens + row.reasoningTokens, "large"),
    tokens("tokens", messages.tokens, (row) => row.totalTokens),
    { id: "cost", header: messages.cost, align: "end", cell: (row) => <Money usd={row.costUsd} unpriced={row.unpriced} estimated={row.estimated} />, sortBy: (row) => row.costUsd },
  ];
}

function TotalsRow({ columns, totals, name }: { readonly columns: readonly Column<UsageRow>[]; readonly totals: UsageSumsView; readonly name: string }): ReactNode {
  const row: UsageRow = { ...totals, dimensions: {}, labels: {} };
  return (
    <tr>
      {columns.map(({ id, cell, align, from }) => (
        <td key={id} className={`${align === "end" ? "cell-end" : ""} ${from === undefined ? "" : `from-${from}`}`}>{id === "name" ? name : id === "share" ? "" : cell(row)}</td>
      ))}
    </tr>
  );
}
