import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { call, type CallInit } from "./client.ts";
import type { Asked, AskedArgument, OperationId, Reply } from "./operations.ts";

interface ReadOptions {
  /** Ask again that often while the page is visible. */
  readonly everyMs?: number;
  readonly enabled?: boolean;
  /** Show the last answer while another question is under way. */
  readonly keep?: boolean;
}

/** Reads an operation, and again when one of its writers has run. */
export function useRead<Id extends OperationId>(id: Id, asked?: AskedArgument<Id>, options: ReadOptions = {}): UseQueryResult<Reply<Id>, Error> {
  return useQuery({
    queryKey: [id, asked ?? {}],
    queryFn: ({ signal }) => ask(id, asked, { signal }),
    enabled: options.enabled ?? true,
    ...(options.everyMs !== undefined && { refetchInterval: options.everyMs }),
    ...(options.keep === true && { placeholderData: keepPreviousData }),
  }) as UseQueryResult<Reply<Id>, Error>;
}

/** Writes through an operation; what `stale` names is read again afterwards. */
export function useWrite<Id extends OperationId>(id: Id, { stale = [] }: { readonly stale?: readonly OperationId[] } = {}): UseMutationResult<Reply<Id>, Error, AskedArgument<Id>> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: AskedArgument<Id>) => ask(id, asked),
    onSuccess: () => Promise.all(stale.map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
}

function ask<Id extends OperationId>(id: Id, asked: AskedArgument<Id> | undefined, init?: CallInit): Promise<Reply<Id>> {
  return (call as (id: Id, asked?: Asked<Id>, init?: CallInit) => Promise<Reply<Id>>)(id, asked as Asked<Id>, init);
}
