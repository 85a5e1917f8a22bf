import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import type { Reply } from "../../api/operations.ts";

const PAUSE_MS = 350;

export type ConfigCheck = Reply<"checkConfig">;

/** What the server says of a text, once its writer pauses. */
export function useConfigCheck(text: string): { readonly check: ConfigCheck | undefined; readonly waiting: boolean } {
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({ queryKey: ["checkConfig", asked], queryFn: ({ signal }) => call("checkConfig", { body: { text: asked } }, { signal }), placeholderData: keepPreviousData, gcTime: 0 });
  return { check: query.data, waiting: query.isFetching || asked !== text };
}
