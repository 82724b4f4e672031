import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { ScrollRegion } from "./ScrollRegion.tsx";

export type Column<Row> = {
  /** Names the column among its siblings. */
  key: string;
  head: string;
  cell: (row: Row) => ReactNode;
  align?: "end";
  /** How the column is sorted now; absent when it cannot be. */
  sorted?: "ascending" | "descending" | "none";
};

type Props<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isHere?: (row: Row) => boolean;
  empty: ReactNode;
  onSort?: (key: string) => void;
  /** Called when the last row comes into sight, for as long as there is more. */
  onEnd?: (() => void) | undefined;
};

const rowHeightPx = 32;

/** A table of any length: only what is in sight is in the document, and the page's own scroll moves it. */
export function Table<Row>({ label, columns, rows, keyOf, isHere, empty, onSort, onEnd }: Props<Row>) {
  const table = useRef<HTMLTableElement>(null);
  const [offset, setOffset] = useState(0);
  // Where the rows begin on the page is known only once they are laid out.
  useLayoutEffect(() => {
    setOffset((table.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, [rows.length]);
  // What it returns changes as one scrolls, which is why nothing here is memoized.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    scrollMargin: offset,
    onChange: (instance) => {
      if ((instance.range?.endIndex ?? -1) >= rows.length - 1 && rows.length > 0) onEnd?.();
    },
  });
  if (rows.length === 0) return <div className="empty">{empty}</div>;
  const shown = virtual.getVirtualItems();
  const [first, last] = [shown[0], shown.at(-1)];
  const before = first ? first.start - offset : 0;
  const after = last ? virtual.getTotalSize() - (last.end - offset) : 0;
  return (
    <ScrollRegion label={label}>
      <table ref={table} className="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, head, align, sorted }) => (
              <th key={key} scope="col" className={align} aria-sort={sorted}>
                {sorted && onSort ? (
                  <button type="button" onClick={() => onSort(key)}>
                    {head}
                  </button>
                ) : (
                  head
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} width={columns.length} />}
          {shown.map(({ index }) => {
            const row = rows[index];
            return (
              row && (
                <tr key={keyOf(row)} aria-rowindex={index + 2} className={isHere?.(row) === true ? "here" : undefined}>
                  {columns.map(({ key, cell, align }) => (
                    <td key={key} className={align}>
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {after > 0 && <Spacer height={after} width={columns.length} />}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Spacer({ height, width }: { height: number; width: number }) {
  return (
    <tr className="spacer" aria-hidden="true">
      {/* Only room: what lies there is not in the document. */}
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label */}
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}
