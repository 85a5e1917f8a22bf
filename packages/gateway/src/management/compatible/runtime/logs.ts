import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type ApplicationLog, type Desk, type LogFileFacts, type Office } from "../../office.ts";
import { encodeCursor, findCursor } from "./log-cursor.ts";
import { LineFilter, MAX_LINES } from "./log-lines.ts";
import { readBackward, readForward, type LogPosition } from "./log-reader.ts";

const common = { tag: "Logs", auth: "management" as const, failures: { 400: "there is no log file, or the limit is none" } };

const get = defineOperation({
  ...common, id: "readLogs", method: "GET", path: `${BASE}/logs`, summary: "Lines of the application's log: after a time, the newest ones, or from a cursor on",
  query: z.object({ after: z.string().optional(), limit: z.string().optional(), cursor: z.string().optional() }),
  reply: z.object({ lines: z.array(z.string()), "line-count": z.number(), "latest-timestamp": z.number(), "next-cursor": z.string(), "cursor-reset": z.boolean() }),
});

const clear = defineOperation({
  ...common, id: "clearLogs", method: "DELETE", path: `${BASE}/logs`, summary: "Empty the application's log and remove its older files",
  reply: z.object({ success: z.literal(true), message: z.string(), removed: z.number() }), audit: "logs.cleared",
});

export const logDesks: readonly Desk[] = [
  defineDesk(get, async ({ office, query }) => {
    const log = logOf(office);
    const after = Math.max(0, Number.parseInt(query.after ?? "0", 10) || 0);
    const limit = limitOf(query.limit);
    const files = await log.files();
    const cursor = query.cursor?.trim() ?? "";
    const found = cursor === "" ? undefined : await findCursor(log, files, cursor);
    const from = found === "lost" ? undefined : found;
    const goesOn = cursor !== "" && found !== "lost";
    const { lines, scanned, latest, end } = limit !== undefined && after === 0 && !goesOn
      ? await newest(log, files, limit)
      : await scan(log, files, { from, after, limit: limit ?? MAX_LINES });
    const countsReturned = goesOn || (limit !== undefined && after === 0);
    return {
      lines: [...lines], "line-count": countsReturned ? lines.length : scanned, "latest-timestamp": Math.max(after, latest),
      "next-cursor": await encodeCursor(log, end), "cursor-reset": found === "lost",
    };
  }),
  defineDesk(clear, async ({ office }) => ({ success: true as const, message: "Logs cleared successfully", removed: await logOf(office).clear() })),
];

/** @throws OfficeError 400 */
function logOf(office: Office): ApplicationLog {
  const log = office.ports.applicationLog;
  if (log?.enabled !== true) throw new OfficeError(400, "logging to file disabled");
  return log;
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit <= 0) throw new OfficeError(400, `invalid limit: ${/^-?\d+$/.test(text) ? "must be greater than zero" : "not a number"}`);
  return Math.min(limit, MAX_LINES);
}

interface Lines {
  readonly lines: readonly string[];
  readonly scanned: number;
  readonly latest: number;
  readonly end: LogPosition | undefined;
}

async function newest(log: ApplicationLog, files: readonly LogFileFacts[], limit: number): Promise<Lines> {
  const { lines, end } = await readBackward(log, files, limit);
  const filter = new LineFilter({ after: 0, limit });
  for (const line of lines) filter.take(line);
  return { ...filter.result(), end };
}

async function scan(log: ApplicationLog, files: readonly LogFileFacts[], how: { readonly from: LogPosition | undefined; readonly after: number; readonly limit: number }): Promise<Lines> {
  const filter = new LineFilter(how);
  // What was last written before that time holds nothing from after it; the one in use is always looked at.
  const asked = files.filter(({ modifiedAt, name }, place) => place === files.length - 1 || name === how.from?.file || modifiedAt >= how.after * 1000);
  const end = await readForward(log, asked, how.from, (line) => filter.take(line));
  return { ...filter.result(), end };
}
