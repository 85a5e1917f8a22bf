/** Tells on standard error how many rows have passed: on a terminal in one line that changes, else once for each table. */
export function tellRows(): { tell(table: string, rows: number): void; end(): void } {
  const inPlace = process.stderr.isTTY === true;
  let last: { table: string; rows: number } | undefined;
  const finish = (): void => {
    if (last !== undefined) process.stderr.write(inPlace ? "\n" : `${last.table}: ${last.rows} rows\n`);
  };
  return {
    tell(table, rows) {
      if (last !== undefined && last.table !== table) finish();
      last = { table, rows };
      if (inPlace) process.stderr.write(`\r${table}: ${rows} rows`);
    },
    end() {
      finish();
      last = undefined;
    },
  };
}
