import { shortRequestId } from "@dragoman/gateway";
import { nameTime } from "../local-time.ts";

const MAX_PATH_CHARACTERS = 120;
export const ERROR_PREFIX = "error-";

/** `v1-chat-completions-2025-12-23T195811-a1b2c3d4.log`; of failures kept on their own with `error-` before it. */
export function requestLogName(request: { readonly path: string; readonly startedAt: number; readonly requestId: string }, isError: boolean): string {
  const path = request.path.replace(/^\/+/, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/\.{2,}/g, ".").slice(0, MAX_PATH_CHARACTERS);
  return `${isError ? ERROR_PREFIX : ""}${path === "" ? "root" : path}-${nameTime(request.startedAt)}-${shortRequestId(request.requestId)}.log`;
}
