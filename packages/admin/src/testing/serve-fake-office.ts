import { buildAdmin, type BuiltFile } from "../../build.ts";
import { createFakeOffice, type FakeOffice, type FakeOfficeOptions } from "./fake-office.ts";

/** At least as strict as what the real program sends. */
const SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", svg: "image/svg+xml" };

export interface ServedFakeOffice {
  /** Without a slash at its end. */
  readonly url: string;
  readonly office: FakeOffice;
  close(): void;
}

/** The built page with an office in memory behind it, on a port of this machine; 0 takes a free one. */
export async function serveFakeOffice({ port = 0, files, ...options }: FakeOfficeOptions & { readonly port?: number; readonly files?: readonly BuiltFile[] }): Promise<ServedFakeOffice> {
  const built = new Map((files ?? (await buildAdmin())).map(({ path, content }) => [path, content]));
  const office = createFakeOffice(options);
  const server = Bun.serve({
    port,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: (request) => office.fetch(request) ?? serveFile(built, new URL(request.url).pathname),
  });
  return { url: server.url.origin, office, close: () => void server.stop(true) };
}

function serveFile(built: ReadonlyMap<string, Uint8Array>, pathname: string): Response {
  if (pathname === "/") return Response.redirect("/admin/", 302);
  const path = pathname.replace(/^\/admin\/?/, "");
  const found = built.get(path);
  const content = found ?? (/\.\w+$/.test(path) ? undefined : built.get("index.html"));
  if (content === undefined) return new Response("404 page not found", { status: 404 });
  const type = TYPES[(found === undefined ? "html" : path.split(".").at(-1)) ?? ""] ?? "application/octet-stream";
  return new Response(content as Uint8Array<ArrayBuffer>, { headers: { "content-type": type, "content-security-policy": SECURITY_POLICY, "x-content-type-options": "nosniff" } });
}
