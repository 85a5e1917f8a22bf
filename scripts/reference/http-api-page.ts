import { EXACT, findRoute, type Errand, type Route } from "../../packages/gateway/src/http/routes.ts";

const HEAD = `# HTTP API

<!-- Generated from packages/gateway/src/http/routes.ts by scripts/generate-reference.ts. Change it there. -->

What clients call. Errors come in the envelope of the row's dialect, see [errors](errors.md); every reply carries \`x-request-id\`. A key is shown
as \`authorization: Bearer\`, \`x-api-key\`, \`x-goog-api-key\`, in the header that \`client-key-header\` names, or in the query as \`key\` or
\`auth_token\`; while there is no client key, nobody is asked for one. \`HEAD\` goes where \`GET\` does, \`OPTIONS\` is answered for pages in
browsers, a slash at the end changes nothing, and \`/openai/v1\` is another name of \`/v1\`.

| Method | Path | Dialect | What it does | Who |
|---|---|---|---|---|
`;

const TAIL = `
- Any row that generates takes \`model\` from the list of \`GET /v1/models\`, whatever the dialect, streamed or whole; and bodies as JSON, also
  packed by gzip or deflate. \`multipart/form-data\` with one field \`payload\` (the JSON) and files adds these to the last user message.
- \`GET /v1/models\` answers in the shape of the caller: Anthropic's with an \`anthropic-version\` header, Gemini's with \`x-goog-api-key\`, else
  OpenAI's.
- \`GET /v1/responses\` with an upgrade is the Responses API over a websocket. \`GET /v1/ws\` is where
  [pages](../guides/accounts/aistudio.md) connect that serve requests.
- Where \`dynamic-routes\` is on, the same paths also stand behind the address of an upstream: \`/https/HOST/PATH/MODEL/v1/messages\`.
- Health, metrics and everything for operators: [management API](management-api.md).
`;

/** What is done at a path, in the words of the reference. */
const DEEDS: Readonly<Record<Errand, string>> = {
  generate: "Generates an answer",
  count: "Counts tokens of a request",
  models: "Lists models",
  model: "Describes a model",
  embeddings: "Embeddings, from upstreams that have them",
  "stored-response": "A stored response: what it says, its input, delete or cancel it",
  conversation: "Conversations that are gone on from",
  compact: "Makes a digest of a conversation",
  aside: "What the Gemini CLI asks beside generation",
  welcome: "Who answers here, and what there is",
  health: "The program answers",
};

/** Paths with a variable part, each with its verbs; they are looked up like requests. */
const VARIABLE: readonly (readonly [methods: string, path: string])[] = [
  ["GET", "/v1/models"], ["GET", "/v1/models/{model}"], ["GET", "/v1beta/models/{model}"],
  ["POST", "/v1beta/models/{model}:generateContent"], ["POST", "/v1beta/models/{model}:streamGenerateContent"], ["POST", "/v1beta/models/{model}:countTokens"],
  ["GET, DELETE", "/v1/responses/{id}"], ["GET", "/v1/responses/{id}/input_items"], ["POST", "/v1/responses/{id}/cancel"],
  ["GET, DELETE", "/v1/conversations/{id}"], ["GET, POST", "/v1internal:{verb}"],
];

/** `docs/reference/http-api.md`: a row for each path that clients call. */
export function httpApiPage(): string {
  const exact = EXACT.map(({ method, path }) => [method, path] as const);
  return `${HEAD}${[...exact, ...VARIABLE].map(rowOf).join("\n")}\n${TAIL}`;
}

/** @throws Error when nothing is there, or not for these verbs */
function lookUp(methods: string, path: string): Route {
  const wanted = methods.split(", ");
  const found = findRoute(wanted[0] ?? "", path.replaceAll(/\{(\w+)\}/g, "$1"), new Headers());
  if (found === undefined || !("errand" in found) || !wanted.every((method) => found.methods.includes(method))) throw new Error(`there is no ${methods} ${path}`);
  return found;
}

function rowOf([methods, path]: readonly [methods: string, path: string]): string {
  const { dialect, errand, open, local } = lookUp(methods, path);
  const who = open === true ? "anybody" : local === true ? "client key; without any, this machine" : "client key";
  const spoken = path.startsWith("/v1/models") ? "the caller's" : `\`${dialect.id}\``;
  return `| ${[methods, `\`${path}\``, open === true ? "" : spoken, DEEDS[errand], who].join(" | ")} |`;
}
