import type { Operation } from "./contract/operation.ts";
import { schemaOf } from "./openapi.ts";

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h2{margin-top:2.5rem;border-bottom:1px solid #8884}summary{cursor:pointer;padding:.35rem 0}code{font:14px ui-monospace,monospace}
b.m{display:inline-block;min-width:4.2rem}pre{overflow:auto;background:#8881;padding:.75rem;border-radius:6px}small{opacity:.7}
@media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#14171a}a{color:#8ab4ff}}`;

/** All operations on one page for people: no script, nothing from elsewhere. */
export function openApiPage(operations: readonly Operation[], nonce: string): string {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Dragoman management API</title><style nonce="${nonce}">${STYLE}</style>
<h1>Management API</h1><p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). Send the management key as <code>Authorization: Bearer</code> or <code>X-Management-Key</code>.</p>
${tags.map((tag) => `<h2>${escaped(tag)}</h2>\n${operations.filter((operation) => operation.tag === tag).map(operationOf).join("\n")}`).join("\n")}
</html>`;
}

export function pageHeaders(nonce: string): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    "referrer-policy": "no-referrer",
  };
}

const WHO: Readonly<Record<Operation["auth"], string>> = { management: "management key or session", client: "a client's key", open: "anybody" };

function operationOf(operation: Operation): string {
  const parts = [
    `<p>${escaped(operation.description ?? operation.summary)}. <small>For ${WHO[operation.auth]}.</small></p>`,
    part("Path", operation.params === undefined ? undefined : schemaOf(operation.params, "input")),
    part("Query", operation.query === undefined ? undefined : schemaOf(operation.query, "input")),
    part(`Body${operation.bodyType === undefined ? "" : ` (${operation.bodyType})`}`, operation.body === undefined ? undefined : schemaOf(operation.body, "input")),
    part("Reply", operation.reply === undefined ? undefined : schemaOf(operation.reply, "output")),
    ...Object.entries(operation.failures ?? {}).map(([status, text]) => `<p><code>${status}</code> ${escaped(text)}</p>`),
  ];
  return `<details id="${escaped(operation.id)}"><summary><b class="m">${operation.method}</b> <code>${escaped(operation.path)}</code> ${escaped(operation.summary)}</summary>${parts.join("")}</details>`;
}

function part(title: string, schema: unknown): string {
  return schema === undefined ? "" : `<p>${escaped(title)}</p><pre><code>${escaped(JSON.stringify(schema, null, 2))}</code></pre>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
