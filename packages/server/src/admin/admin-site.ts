import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Logger } from "@dragoman/gateway";
import type { AdminBuild } from "./admin-files.ts";
import { PAGE_HEADERS } from "./page-headers.ts";

/** Answers requests for the web interface. `undefined`: the path is none of its own. */
export type AdminSite = (request: Request) => Promise<Response> | undefined;

export interface AdminSiteOptions {
  readonly load: () => Promise<AdminBuild>;
  /** `remote-management.disable-control-panel` turns it off. */
  readonly enabled: () => boolean;
  readonly logger: Logger;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", svg: "image/svg+xml", json: "application/json", woff2: "font/woff2", png: "image/png",
};
const COMPRESSED = new Set(["html", "js", "css", "svg", "json"]);
/** The same page under the name that other management pages have. */
const OTHER_NAME = "/management.html";
/** API that lives below `/admin` as well; see `management/infiniproxy`. */
const API_BELOW_ADMIN = /^\/admin\/(?:(?:users|api-keys)(?:\/|$)|login-page$)/;

interface Served {
  readonly type: string;
  readonly etag: string;
  readonly hashed: boolean;
  readonly content: Uint8Array;
  /** By encoding, made when first asked for. */
  readonly encoded: Map<string, Uint8Array>;
}

export function createAdminSite({ load, enabled, logger }: AdminSiteOptions): AdminSite {
  let version: string | undefined;
  let served: ReadonlyMap<string, Served> = new Map();
  const current = async (): Promise<ReadonlyMap<string, Served>> => {
    const build = await load();
    if (build.version !== version) {
      served = new Map(build.files.map(({ path, content }) => [path, serveable(path, content)]));
      version = build.version;
    }
    return served;
  };
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const path = pathOf(request.url);
    if (!isOurs(path, request)) return undefined;
    if (!enabled()) return Promise.resolve(new Response("404 page not found", { status: 404 }));
    return current().then((files) => respond(request, path, files), (error: unknown) => {
      logger.log("error", "admin.unavailable", { message: error instanceof Error ? error.message : String(error) });
      return new Response("The web interface could not be loaded. The log says why.", { status: 503, headers: { "content-type": "text/plain; charset=utf-8" } });
    });
  };
}

/** Without the cost of a URL object: every request that reads passes here. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  if (start === -1) return "/";
  const end = url.slice(start).search(/[?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end);
}

function isOurs(path: string, request: Request): boolean {
  if (path === OTHER_NAME || path === "/admin" || path.startsWith("/admin/assets/")) return true;
  if (!path.startsWith("/admin/") || API_BELOW_ADMIN.test(path)) return false;
  return path === "/admin/" || (request.headers.get("accept") ?? "").includes("text/html");
}

function respond(request: Request, path: string, files: ReadonlyMap<string, Served>): Response {
  const isAsset = path.startsWith("/admin/assets/");
  const file = files.get(isAsset ? path.slice("/admin/".length) : "index.html");
  if (file === undefined) return new Response("404 page not found", { status: 404 });
  const headers = new Headers({ ...PAGE_HEADERS, "content-type": file.type, etag: file.etag, "cache-control": file.hashed ? "public, max-age=31536000, immutable" : "no-cache", vary: "accept-encoding" });
  if (request.headers.get("if-none-match")?.includes(file.etag) === true) return new Response(null, { status: 304, headers });
  const content = encodedFor(request, file, headers);
  headers.set("content-length", String(content.length));
  return new Response(request.method === "HEAD" ? null : (content as Uint8Array<ArrayBuffer>), { headers });
}

function serveable(path: string, content: Uint8Array): Served {
  const extension = path.split(".").at(-1) ?? "";
  return { type: TYPES[extension] ?? "application/octet-stream", etag: `"${Bun.hash(content).toString(36)}"`, hashed: path.startsWith("assets/"), content, encoded: new Map() };
}

/** Above this, brotli's time grows faster than what it saves. */
const BROTLI_QUALITY = 7;

function encodedFor(request: Request, file: Served, headers: Headers): Uint8Array {
  const extension = Object.keys(TYPES).find((name) => TYPES[name] === file.type) ?? "";
  const accepted = request.headers.get("accept-encoding") ?? "";
  const encoding = !COMPRESSED.has(extension) ? undefined : /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : undefined;
  if (encoding === undefined) return file.content;
  headers.set("content-encoding", encoding);
  let encoded = file.encoded.get(encoding);
  if (encoded === undefined) {
    encoded = new Uint8Array(encoding === "br" ? brotliCompressSync(file.content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }) : gzipSync(file.content));
    file.encoded.set(encoding, encoded);
  }
  return encoded;
}
