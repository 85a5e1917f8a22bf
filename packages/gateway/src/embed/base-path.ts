import { pathOf } from "../http/request-target.ts";

/** `""` for none; else with a slash in front and none behind. */
export function normalBasePath(given: string | undefined): string {
  const trimmed = (given ?? "").replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `/${trimmed}`;
}

/**
 * The request as it would look without the path that the gateway is mounted at.
 * @returns `undefined` for a request of another path
 */
export function withoutBasePath(request: Request, basePath: string): Request | undefined {
  if (basePath === "") return request;
  const path = pathOf(request.url);
  if (path !== basePath && !path.startsWith(`${basePath}/`)) return undefined;
  const url = new URL(request.url);
  url.pathname = path.slice(basePath.length) || "/";
  return new Request(url, request);
}
