import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client.ts";
import { useToast } from "../ui/toast.tsx";
import { useForgetSession } from "./session.tsx";

/** Ends the session here and on the server; nothing that was read stays in the page. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  const forget = useForgetSession();
  const navigate = useNavigate();
  const toast = useToast();
  return useCallback(() => {
    void call("signOut").then(() => {
      queries.clear();
      forget();
      return navigate("/sign-in");
    }).catch(toast.failed);
  }, [queries, forget, navigate, toast]);
}
