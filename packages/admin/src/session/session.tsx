import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { call, whenSignedOut } from "../api/client.ts";
import type { Reply } from "../api/operations.ts";
import { ErrorState } from "../ui/states.tsx";
import { Spinner } from "../ui/spinner.tsx";

const SESSION_KEY = ["getSession", {}];

export function useSession(): UseQueryResult<Reply<"getSession">, Error> {
  return useQuery({ queryKey: SESSION_KEY, queryFn: () => call("getSession"), staleTime: Infinity, retry: 1 });
}

/** Forget who is signed in; the gate then leads to the door. */
export function useForgetSession(): () => void {
  const queries = useQueryClient();
  return () => {
    queries.setQueryData(SESSION_KEY, (known: Reply<"getSession"> | undefined) => ({ setup: false, ...known, signedIn: false }));
  };
}

/** Pages behind it are only for those who are signed in; they come back to the page that they wanted. */
export function SessionGate(): ReactNode {
  const session = useSession();
  const forget = useForgetSession();
  const location = useLocation();
  useEffect(() => whenSignedOut(forget));
  if (session.isPending) return <div className="centre"><Spinner /></div>;
  if (session.isError) return <div className="centre"><ErrorState error={session.error} onRetry={() => void session.refetch()} /></div>;
  if (session.data.signedIn) return <Outlet />;
  if (session.data.setup) return <Navigate to="/setup" replace />;
  const wanted = location.pathname + location.search;
  return <Navigate to={wanted === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(wanted)}`} replace />;
}
