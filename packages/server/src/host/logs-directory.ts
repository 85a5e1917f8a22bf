import { join } from "node:path";
import { dataDirectory } from "./data-directory.ts";

/** Where the application's log and the logs of requests are written. */
export function logsDirectory(): string {
  return join(process.env.WRITABLE_PATH ?? dataDirectory(), "logs");
}
