import { startIssuer, type Issuer } from "./issuer.ts";

export interface GoogleOptions {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Ids of the projects that the account lists. */
  readonly projects?: readonly string[];
  /** What `loadCodeAssist` says. */
  readonly loaded?: Record<string, unknown>;
  /** The answers of `onboardUser`, in turn; the last one stays. */
  readonly onboarding?: readonly Record<string, unknown>[];
  /** Projects whose API is not switched on. */
  readonly asleep?: readonly string[];
  /** Members that a request for these methods must have. */
  readonly wanted?: Readonly<Record<string, (body: Record<string, unknown>) => boolean>>;
}

/** Google's login, its list of projects, its switch for APIs, and what Code Assist says of an account. */
export interface GoogleCloud extends Issuer {
  /** Calls that need a token, as `GET /path` or `POST method`, with their bodies. */
  readonly visited: { readonly call: string; readonly body: Record<string, unknown> }[];
}

export const CLIENT_SECRET = "client-secret-of-tests";
export const EMAIL = "person@example.com";

export function startGoogle(options: GoogleOptions): GoogleCloud {
  const visited: GoogleCloud["visited"] = [];
  let onboarded = 0;
  const issuer = startIssuer({
    clientId: options.clientId, clientSecret: CLIENT_SECRET, body: "form", rotates: false, redirectUri: options.redirectUri, lifetimeSeconds: 3599,
    async other(request, self) {
      const url = new URL(request.url);
      if (!self.good.has(request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "")) return Response.json({ error: { code: 401, message: "no token", status: "UNAUTHENTICATED" } }, { status: 401 });
      const body = request.method === "POST" ? ((await request.json()) as Record<string, unknown>) : {};
      const method = /^\/v1internal:(\w+)$/.exec(url.pathname)?.[1];
      visited.push({ call: method === undefined ? `${request.method} ${url.pathname}` : `POST ${method}`, body });
      if (method !== undefined) return codeAssist(method, body);
      if (url.pathname === "/userinfo") return Response.json({ email: EMAIL, verified_email: true });
      if (url.pathname === "/projects") return Response.json({ projects: (options.projects ?? []).map((projectId) => ({ projectId, lifecycleState: "ACTIVE" })) });
      return service(request.method, url.pathname, body);
    },
  });
  function codeAssist(method: string, body: Record<string, unknown>): Response {
    if (options.wanted?.[method]?.(body) === false) return Response.json({ error: { code: 400, message: `${method}: wrong members`, status: "INVALID_ARGUMENT" } }, { status: 400 });
    if (method === "loadCodeAssist") return Response.json(options.loaded ?? { allowedTiers: [{ id: "free-tier" }, { id: "standard-tier", isDefault: true }] });
    if (method === "onboardUser") {
      const answers = options.onboarding ?? [{ done: true, response: { cloudaicompanionProject: { id: body.cloudaicompanionProject } } }];
      return Response.json(answers[Math.min(onboarded++, answers.length - 1)] ?? {});
    }
    if (method === "retrieveUserQuota") return Response.json({ buckets: [{ modelId: "gemini-2.5-pro", remainingFraction: 0.25, resetTime: "2026-11-22T00:00:00Z" }] });
    if (method === "fetchAvailableModels") return Response.json({ models: { "gemini-3-flash": { quotaInfo: { remainingFraction: 0.5, resetTime: "2026-11-21T17:00:00Z" } } } });
    return Response.json({ error: { code: 404, message: `no ${method}` } }, { status: 404 });
  }
  function service(method: string, path: string, body: Record<string, unknown>): Response {
    const [, project = "", verb] = /^\/v1\/projects\/([^/]+)\/services\/cloudaicompanion\.googleapis\.com(:enable)?$/.exec(path) ?? [];
    if (project === "") return new Response("not found", { status: 404 });
    if (method === "GET") return Response.json({ state: options.asleep?.includes(project) === true ? "DISABLED" : "ENABLED" });
    if (verb !== ":enable" || Object.keys(body).length > 0) return Response.json({ error: { code: 400, message: "expected {}" } }, { status: 400 });
    return project === "shut" ? Response.json({ error: { code: 403, message: "billing is off", status: "PERMISSION_DENIED" } }, { status: 403 }) : Response.json({ done: true });
  }
  return { ...issuer, visited, get before() { return issuer.before; }, set before(value) { issuer.before = value; } };
}

/** Settings of a kind that send it here. */
export function googleEndpoints(google: GoogleCloud, codeAssist: string): Record<string, string> {
  const { origin, tokenUrl } = google;
  return { authorize: `${origin}/authorize`, token: tokenUrl, userinfo: `${origin}/userinfo`, projects: `${origin}/projects`, services: origin, "code-assist": codeAssist, onboarding: codeAssist };
}
