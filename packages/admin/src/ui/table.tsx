import ArrowDown from "lucide-react/icons/arrow-down";
import ArrowUp from "lucide-react/icons/arrow-up";
import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { classNames } from "./class-names.ts";
import { EmptyState } from "./states.tsx";

export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** Makes the column sortable. */
  readonly sortBy?: (row: Row) => number | string;
  /** Numbers stand at the end. */
  readonly align?: "end";
  /** Not shown on screens narrower than this: `small` 640, `medium` 900, `large` 1200 px. */
  readonly from?: "small" | "medium" | "large";
  /** Takes what room is left and cuts its text. */
  readonly grow?: boolean;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  /** Rows can be opened with a click, or Enter. */
  readonly onOpen?: (row: Row) => void;
  readonly isSelected?: (row: Row) => boolean;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly sort?: Sorting;
  readonly empty?: ReactNode;
  readonly footer?: ReactNode;
}

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

export function Table<Row>({ label, columns, rows, rowKey, onOpen, isSelected, rowClass, sort, empty, footer }: TableProps<Row>): ReactNode {
  const [sorting, setSorting] = useState(sort);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const messages = useMessages(uiMessages);
  if (rows.length === 0) return empty ?? <EmptyState title={messages.empty} />;
  return (
    <div className="table-frame">
      <table className="table" aria-label={label}>
        <thead>
          <tr>{columns.map((column) => <HeaderCell key={column.id} column={column} sorting={sorting} onSort={setSorting} />)}</tr>
        </thead>
        <tbody onKeyDown={moveRow}>
          {sorted.map((row) => (
            <tr
              key={rowKey(row)}
              className={classNames(onOpen !== undefined && "row-opens", rowClass?.(row))}
              aria-selected={isSelected?.(row)}
              {...(onOpen !== undefined && {
                tabIndex: 0,
                onClick: (event) => {
                  if ((event.target as Element).closest("a, button, input, select, label") === null) onOpen(row);
                },
                onKeyDown: (event) => {
                  if (event.key !== "Enter" || event.target !== event.currentTarget) return;
                  // What opens takes the focus at once: the same key would press its first button.
                  event.preventDefault();
                  onOpen(row);
                },
              })}
            >
              {columns.map((column) => <td key={column.id} className={cellClass(column)}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
        {footer !== undefined && <tfoot>{footer}</tfoot>}
      </table>
    </div>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return classNames(column.align === "end" && "cell-end", column.grow === true && "cell-grow", column.from !== undefined && `from-${column.from}`);
}

function HeaderCell<Row>({ column, sorting, onSort }: { readonly column: Column<Row>; readonly sorting: Sorting | undefined; readonly onSort: (sorting: Sorting) => void }): ReactNode {
  const active = sorting?.column === column.id ? sorting : undefined;
  if (column.sortBy === undefined) return <th scope="col" className={cellClass(column)}>{column.header}</th>;
  return (
    <th scope="col" className={cellClass(column)} aria-sort={active === undefined ? "none" : active.descending ? "descending" : "ascending"}>
      <button type="button" className="table-sort" onClick={() => onSort({ column: column.id, descending: active === undefined ? column.align === "end" : !active.descending })}>
        {column.header}
        {active !== undefined && (active.descending ? <ArrowDown /> : <ArrowUp />)}
      </button>
    </th>
  );
}

function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sorting: Sorting | undefined): readonly Row[] {
  const by = columns.find(({ id }) => id === sorting?.column)?.sortBy;
  if (by === undefined || sorting === undefined) return rows;
  const sign = sorting.descending ? -1 : 1;
  return rows.toSorted((left, right) => {
    const a = by(left);
    const b = by(right);
    return sign * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true }));
  });
}

/** Up and down go from row to row. */
function moveRow(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = (event.target as Element).closest("tr");
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  if (!(next instanceof HTMLElement) || event.target !== row) return;
  event.preventDefault();
  next.focus();
}
