/** Colours only where a person looks: on a terminal, and not when NO_COLOR is set (no-color.org). */
const coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== "dumb";

const style = (open: number, close: number) => (text: string): string => (coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text);

export const bold: (text: string) => string = style(1, 22);
export const dim: (text: string) => string = style(2, 22);
export const red: (text: string) => string = style(31, 39);
export const green: (text: string) => string = style(32, 39);
export const yellow: (text: string) => string = style(33, 39);
export const cyan: (text: string) => string = style(36, 39);

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Rows in columns, two blanks apart; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, visibleLength(cell))));
  return rows.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell + " ".repeat((widths[at] ?? 0) - visibleLength(cell)))).join("  ").trimEnd()).join("\n");
}

function visibleLength(text: string): number {
  // eslint-disable-next-line no-control-regex -- colour codes take no room
  return text.replace(/\u001b\[\d+m/g, "").length;
}
