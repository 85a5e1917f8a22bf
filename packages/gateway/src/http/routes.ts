import { DIALECTS, type Dialect } from "@dragoman/core";

/** What a path asks for. */
export type Errand = "generate" | "count" | "models" | "model" | "embeddings" | "stored-response" | "conversation" | "compact" | "aside" | "welcome" | "health";

export interface Route {
  readonly errand: Errand;
  /** Whose envelope errors come in, and who decodes the body. */
  readonly dialect: Dialect;
  readonly methods: readonly string[];
  /** Nothing is asked of who comes here. */
  readonly open?: boolean;
  /** Those who come without a key must come from this machine: clients of this path bring a key that is not ours. */
  readonly local?: boolean;
  /** The variable part of the path. */
  readonly parameter?: string;
  /** The path with a name in place of its variable part; absent where there is none. */
  readonly pattern?: string;
}

/** One verb of one path. */
export interface ExactRow {
  readonly path: string;
  readonly dialect: string;
  readonly errand: Errand;
  readonly method: string;
  readonly open?: boolean;
  readonly local?: boolean;
}

/** Paths without a variable part and without a trailing slash; the reference page is made of them, too. `/openai/v1` is an alias of `/v1`. */
export const EXACT: readonly ExactRow[] = [
  { path: "/", dialect: "openai-chat", errand: "welcome", method: "GET", open: true },
  { path: "/health", dialect: "openai-chat", errand: "health", method: "GET", open: true },
  { path: "/healthz", dialect: "openai-chat", errand: "health", method: "GET", open: true },
  { path: "/v1/chat/completions", dialect: "openai-chat", errand: "generate", method: "POST" },
  { path: "/v1/completions", dialect: "openai-completions", errand: "generate", method: "POST" },
  { path: "/v1/embeddings", dialect: "openai-chat", errand: "embeddings", method: "POST" },
  { path: "/v1/responses", dialect: "openai-responses", errand: "generate", method: "POST" },
  { path: "/v1/responses/compact", dialect: "openai-responses", errand: "compact", method: "POST" },
  { path: "/v1/responses/input_tokens", dialect: "openai-responses", errand: "count", method: "POST" },
  { path: "/v1/conversations", dialect: "openai-responses", errand: "conversation", method: "POST" },
  { path: "/v1/messages", dialect: "anthropic-messages", errand: "generate", method: "POST" },
  { path: "/v1/messages/count_tokens", dialect: "anthropic-messages", errand: "count", method: "POST" },
  { path: "/v1beta/models", dialect: "gemini-generate-content", errand: "models", method: "GET" },
  { path: "/v1internal:generateContent", dialect: "gemini-code-assist", errand: "generate", method: "POST", local: true },
  { path: "/v1internal:streamGenerateContent", dialect: "gemini-code-assist", errand: "generate", method: "POST", local: true },
  { path: "/v1internal:countTokens", dialect: "gemini-code-assist", errand: "count", method: "POST", local: true },
];

/** `/v1beta/models/{model}:verb`; the model may hold slashes and percent signs. */
const MODEL_VERB = /^\/(?:v1beta|v1)\/(?:models|tunedModels)\/(.+):(generateContent|streamGenerateContent|countTokens)$/;
const MODEL_BY_NAME = /^\/(v1beta|v1)\/models\/(.+)$/;
/** Verbs of Code Assist beside generation. */
const ASIDE = /^\/v1internal:([A-Za-z]{1,64})$/;
const CONVERSATION = /^\/v1\/conversations\/([^/]+)$/;
const STORED_RESPONSE = /^\/v1\/responses\/([^/]+)(?:\/(cancel|input_items))?$/;

const byId = new Map(DIALECTS.map((dialect) => [dialect.id, dialect]));
const exact = new Map<string, Map<string, Route>>();
for (const row of EXACT) {
  const methods = exact.get(row.path) ?? new Map<string, Route>();
  methods.set(row.method, { errand: row.errand, dialect: dialectById(row.dialect), methods: [row.method], ...(row.open === true && { open: true }), ...(row.local === true && { local: true }) });
  exact.set(row.path, methods);
}

export function dialectById(id: string): Dialect {
  const dialect = byId.get(id);
  if (dialect === undefined) throw new Error(`there is no dialect ${id}`);
  return dialect;
}

/** Something is there, for other methods. */
export interface OtherMethods {
  readonly allow: readonly string[];
  readonly dialect: Dialect;
}

/** Finds what a request asks for among the paths of the house. `undefined`: nothing is there. */
export function findRoute(method: string, pathname: string, headers: Headers): Route | OtherMethods | undefined {
  const path = normalise(pathname);
  const rows = exact.get(path);
  if (rows !== undefined) {
    const route = rows.get(method === "HEAD" ? "GET" : method);
    return route ?? { allow: [...rows.keys()], dialect: dialectOfUnknown(path) };
  }
  if (path === "/v1/models") return { errand: "models", dialect: dialectOfListing(headers), methods: ["GET"] };
  return findByPattern(method, path, headers);
}

function findByPattern(method: string, path: string, headers: Headers): Route | undefined {
  const verb = MODEL_VERB.exec(path);
  if (verb !== null) {
    return { errand: verb[2] === "countTokens" ? "count" : "generate", dialect: dialectById("gemini-generate-content"), methods: ["POST"], pattern: `/v1beta/models/{model}:${verb[2] ?? ""}`, ...(method !== "POST" && { parameter: verb[1] ?? "" }) };
  }
  const model = MODEL_BY_NAME.exec(path);
  if (model !== null) {
    const dialect = model[1] === "v1beta" ? dialectById("gemini-generate-content") : dialectOfListing(headers);
    return { errand: "model", dialect, methods: ["GET"], pattern: "/v1/models/{model}", parameter: decodeSegment(model[2] ?? "") };
  }
  const aside = ASIDE.exec(path);
  if (aside !== null) return { errand: "aside", dialect: dialectById("gemini-code-assist"), methods: ["GET", "POST"], pattern: "/v1internal:{verb}", local: true };
  const conversation = CONVERSATION.exec(path);
  if (conversation !== null) return { errand: "conversation", dialect: dialectById("openai-responses"), methods: ["GET", "DELETE"], pattern: "/v1/conversations/{id}", parameter: decodeSegment(conversation[1] ?? "") };
  const stored = STORED_RESPONSE.exec(path);
  if (stored !== null) return { errand: "stored-response", dialect: dialectById("openai-responses"), methods: ["GET", "DELETE", "POST"], pattern: "/v1/responses/{id}", parameter: decodeSegment(stored[1] ?? "") };
  return undefined;
}

/** The dialect in which a stranger to all of our paths is answered. */
export function dialectOfUnknown(pathname: string): Dialect {
  if (pathname.startsWith("/v1beta")) return dialectById("gemini-generate-content");
  return dialectById(pathname.startsWith("/v1/messages") ? "anthropic-messages" : "openai-chat");
}

/** `/v1/models` is one path for three shapes; the caller's headers tell which it knows. */
function dialectOfListing(headers: Headers): Dialect {
  if (headers.has("anthropic-version")) return dialectById("anthropic-messages");
  return dialectById(headers.has("x-goog-api-key") ? "gemini-generate-content" : "openai-chat");
}

/** Without the alias, and without a slash at the end. */
export function normalise(pathname: string): string {
  const path = pathname.startsWith("/openai/v1/") ? pathname.slice("/openai".length) : pathname;
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** The text itself where it is no good encoding. */
export function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
