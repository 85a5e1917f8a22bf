import type { ReactNode } from "react";
import { Link } from "react-router";

export interface BarListItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly value: number;
  /** What stands at the end of the line. */
  readonly text: string;
  readonly note?: string;
  readonly to?: string;
}

/** Names with bars behind them, the longest is the greatest. */
export function BarList({ items, label }: { readonly items: readonly BarListItem[]; readonly label: string }): ReactNode {
  const highest = Math.max(...items.map(({ value }) => value), 0);
  return (
    <ol className="bar-list" aria-label={label}>
      {items.map((item) => (
        <li key={item.id}>
          <span className="bar-list-bar" style={{ width: `${highest === 0 ? 0 : Math.max(1.5, (item.value / highest) * 100)}%` }} aria-hidden="true" />
          <span className="bar-list-label">{item.to === undefined ? item.label : <Link to={item.to}>{item.label}</Link>}</span>
          {item.note !== undefined && <span className="bar-list-note">{item.note}</span>}
          <span className="bar-list-value">{item.text}</span>
        </li>
      ))}
    </ol>
  );
}
