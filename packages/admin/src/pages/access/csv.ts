export interface BatchLine {
  readonly username: string;
  readonly email?: string;
}

/** `username` or `username,email`, one a line; a first line that names the columns is left out. */
export function parseBatch(text: string): { readonly lines: readonly BatchLine[]; /** From 1. */ readonly wrong: readonly number[] } {
  const lines: BatchLine[] = [];
  const wrong: number[] = [];
  const taken = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || (index === 0 && /^\s*"?username"?\s*(,|$)/i.test(line))) continue;
    const [username = "", email = "", ...more] = line.split(",").map((part) => part.trim().replace(/^"(.*)"$/, "$1"));
    if (username === "" || more.length > 0 || taken.has(username) || (email !== "" && !/^\S+@\S+\.\S+$/.test(email))) wrong.push(index + 1);
    else lines.push({ username, ...(email !== "" && { email }) });
    taken.add(username);
  }
  return { lines, wrong };
}

/** Cells that a spreadsheet would take for a formula begin with a quote. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => {
    const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
