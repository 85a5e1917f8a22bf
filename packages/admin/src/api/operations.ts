import type { OPERATIONS, Operation } from "../../../gateway/src/management/contract/index.ts";
import { operationRoutes, type OperationRoute } from "./routes.macro.ts" with { type: "macro" };

type Operations = typeof OPERATIONS;
export type OperationId = keyof Operations;

type Parts<Id extends OperationId> = Operations[Id] extends Operation<infer Params, infer Query, infer Body, infer Reply> ? { params: Params; query: Query; body: Body; reply: Reply } : never;

/** What one value of a query may be before it is written as text. Lists are written with commas. */
export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined;

/** What an operation is asked with. Query values are told before they are parsed, so each may be absent. */
export type Asked<Id extends OperationId> = ([Parts<Id>["params"]] extends [undefined] ? { params?: undefined } : { params: Parts<Id>["params"] }) &
  ([Parts<Id>["query"]] extends [undefined] ? { query?: undefined } : { query?: { [Name in keyof Parts<Id>["query"]]?: QueryValue } }) &
  ([Parts<Id>["body"]] extends [undefined] ? { body?: undefined } : { body: Parts<Id>["body"] });

export type Reply<Id extends OperationId> = Parts<Id>["reply"];

/** `undefined` for operations that need nothing said. */
export type AskedArgument<Id extends OperationId> = Record<never, never> extends Asked<Id> ? Asked<Id> | undefined : Asked<Id>;

export const ROUTES = operationRoutes() as Readonly<Record<OperationId, OperationRoute>>;
