/** What a person sees in the browser after a login. `text` is plain. */
export function callbackPage(status: number, title: string, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)} - Dragoman</title><style>${STYLE}</style><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p></main></html>`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "referrer-policy": "no-referrer", connection: "close",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'", ...headers,
    },
  });
}

const STYLE = "body{font:1.1rem/1.5 system-ui;display:grid;place-items:center;min-height:90vh;margin:0 1rem;color-scheme:light dark}h1{font-size:1.4rem}main{max-width:34rem}";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
