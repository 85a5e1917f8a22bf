import { z } from "zod";

/** How a caller proves who he is. `management`: management key or a session of the web page. `client`: a client key. */
export type OperationAuth = "management" | "client" | "open";

/** One thing that the office does. Handler, validation, OpenAPI, the web page's client and the tests all come from it. */
export interface Operation<Params = unknown, Query = unknown, Body = unknown, Reply = unknown> {
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{name}` for the variable parts: `/v0/management/users/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth: OperationAuth;
  readonly params?: z.ZodType<Params>;
  /** Values come as text: use `z.coerce`. */
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /**
   * Absent: JSON, whatever the request's header says. Text types reach `body` as text; others are not read, and the desk
   * takes them from the request.
   */
  readonly bodyType?: string;
  /** The whole text of the refusal of a body that does not fit; absent: it says what is wrong and where. */
  readonly invalidBody?: string;
  /** What a good reply holds; absent: an empty reply, or one of `replyType`. */
  readonly reply?: z.ZodType<Reply>;
  /** Of the reply when it is not JSON: `text/event-stream`, `text/csv`. */
  readonly replyType?: string;
  /** Of a good reply; 200 when absent. */
  readonly status?: number;
  /** Other statuses, and when they are given. */
  readonly failures?: Readonly<Record<number, string>>;
  /** The member of a refusal's body that says what is wrong; `error` when absent. */
  readonly faultMember?: string;
  /** Action under which it stands in the audit log; absent: it changes nothing. */
  readonly audit?: string;
}

/** Keeps the types of the parts. */
export function defineOperation<Params = undefined, Query = undefined, Body = undefined, Reply = undefined>(operation: Operation<Params, Query, Body, Reply>): Operation<Params, Query, Body, Reply> {
  return operation;
}

export const BASE = "/v0/management";

export const idParams = z.strictObject({ id: z.coerce.number().int().positive() });
/** Epoch ms. */
export const time = z.number().int().nonnegative();
export const ok = z.strictObject({ status: z.literal("ok") });
