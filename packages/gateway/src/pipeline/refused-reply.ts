import { GatewayError, type Dialect } from "@dragoman/core";

/** What a reply says that is no good one. Redirects are not followed: they could lead anywhere, and the key with them. */
export function errorOfReply(dialect: Dialect, { status, headers }: Pick<Response, "status" | "headers">, body: string, now: number): GatewayError {
  if (status >= 400) return dialect.decodeError(status, headers, body, now);
  const what = status >= 300 ? "with a redirect, which is not followed" : `with status ${status}`;
  return new GatewayError("upstream_malformed", { source: "upstream", message: `The provider answered ${what}; is its base URL right?` });
}
