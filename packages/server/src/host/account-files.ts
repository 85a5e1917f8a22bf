import type { AccountFiles } from "@dragoman/gateway";
import { namedFiles } from "./named-files.ts";

/** The directory of stored logins on this machine. `directory` is asked anew each time. */
export function accountFiles(directory: () => string): AccountFiles {
  return namedFiles(directory);
}
