import { useCallback } from "react";
import { ApiError } from "../api/api-error.ts";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";

/** Says what went wrong, for people. */
export function useErrorText(): (error: unknown) => string {
  const messages = useMessages(uiMessages);
  return useCallback((error) => {
    if (error instanceof ApiError) return error.status === 0 ? messages.unreachable : error.message;
    return error instanceof Error ? error.message : String(error);
  }, [messages]);
}
