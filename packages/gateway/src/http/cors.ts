/** Headers that let pages of the allowed origins read our replies. `*` allows every origin. */
export function corsHeaders(origin: string | null, allowed: readonly string[]): Record<string, string> {
  if (allowed.includes("*")) return { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED };
  if (origin === null || !allowed.includes(origin)) return {};
  return { "access-control-allow-origin": origin, vary: "origin", "access-control-expose-headers": EXPOSED };
}

const EXPOSED = "x-request-id, request-id, retry-after, location, openai-request-id, x-dragoman-losses, x-cpa-version, x-cpa-commit, x-cpa-build-date, x-cpa-support-plugin";

export function preflight(request: Request, allowed: readonly string[]): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(request.headers.get("origin"), allowed),
      "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "*",
      "access-control-max-age": "86400",
    },
  });
}
