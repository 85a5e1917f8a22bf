import { z } from "zod";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { lenderOf, type Lender } from "./credential-token.ts";
import { readLimited } from "../../../http/read-body.ts";

const TIMEOUT_MS = 60_000;
const TOKEN = "$TOKEN$";
const METHOD = /^[A-Za-z][A-Za-z-]{0,30}$/;
const PROXY = /^(socks5h?|https?):\/\/\S+$/i;

const text = z.string().optional();

/**
 * A request by the server with a credential that the page does not see. It reaches whatever the server reaches, so it is
 * for operators only; nothing else may lead here.
 */
const call = defineOperation({
  tag: "Providers", auth: "management", id: "apiCall", method: "POST", path: `${BASE}/api-call`, summary: "Let the server make a request with a credential's token in place of `$TOKEN$` in header values",
  body: z.object({ auth_index: text, authIndex: text, AuthIndex: text, method: text, url: text, header: z.record(z.string(), z.string()).optional(), data: text, proxy_url: text }), invalidBody: "invalid body",
  reply: z.object({ status_code: z.number(), header: z.record(z.string(), z.array(z.string())), body: z.string() }), audit: "api.called",
  failures: { 400: "the request cannot be made", 502: "the request failed" },
});

export const apiCallDesks: readonly Desk[] = [
  defineDesk(call, async ({ office, body, note }) => {
    const method = (body.method ?? "").trim().toUpperCase();
    if (method === "") throw new OfficeError(400, "missing method");
    const url = checkedUrl((body.url ?? "").trim());
    const asked = (body.proxy_url ?? "").trim();
    if (asked !== "" && !/^(direct|none)$/i.test(asked) && !PROXY.test(asked)) throw new OfficeError(400, "invalid proxy_url");
    if (!METHOD.test(method)) throw new OfficeError(400, "failed to build request");
    const index = (body.auth_index ?? body.authIndex ?? body.AuthIndex ?? "").trim();
    const lender = index === "" ? undefined : await lenderOf(office, index);
    note(index === "" ? undefined : index, { method, host: url.host });
    const headers = await headersOf(body.header ?? {}, lender, office);
    const proxyUrl = asked !== "" ? (asked.toLowerCase() === "none" ? "direct" : asked) : lender?.proxyUrl ?? office.settings().nextProxy() ?? "direct";
    return carryOut(office, { url, method, headers, data: body.data ?? "", proxyUrl });
  }),
];

/** @throws OfficeError 400 */
function checkedUrl(url: string): URL {
  if (url === "") throw new OfficeError(400, "missing url");
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.host === "") throw new OfficeError(400, "invalid url");
  return parsed;
}

async function headersOf(given: Readonly<Record<string, string>>, lender: Lender | undefined, office: Office): Promise<Record<string, string>> {
  const wantsToken = Object.values(given).some((value) => value.includes(TOKEN));
  const token = wantsToken ? await lender?.token(office.engine.ports.clock.now()) : undefined;
  if (wantsToken && (token === undefined || token === "")) throw new OfficeError(400, "auth token not found");
  const headers = new Headers();
  try {
    for (const [name, value] of Object.entries(given)) headers.set(name, value.replaceAll(TOKEN, () => token ?? ""));
  } catch {
    // Nothing of the cause is told: it quotes the value.
    throw new OfficeError(400, "failed to build request");
  }
  return Object.fromEntries(headers.entries());
}

interface OutwardCall {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly data: string;
  readonly proxyUrl: string;
}

async function carryOut(office: Office, { url, method, headers, data, proxyUrl }: OutwardCall): Promise<{ status_code: number; header: Record<string, string[]>; body: string }> {
  let response: Response;
  try {
    response = await office.engine.ports.fetch(url.href, { method, headers, ...(data !== "" && { body: data }), signal: AbortSignal.timeout(TIMEOUT_MS), proxyUrl });
  } catch {
    throw new OfficeError(502, "request failed");
  }
  try {
    return { status_code: response.status, header: headerLists(response.headers), body: await readLimited(response.body, office.settings().maxBodyBytes) };
  } catch {
    throw new OfficeError(502, "failed to read response");
  }
}

/** By names as HTTP/1 writes them, each with all of its values. */
function headerLists(headers: Headers): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  headers.forEach((value, name) => {
    const canonical = name.replace(/(^|-)([a-z])/g, (part) => part.toUpperCase());
    (lists[canonical] ??= []).push(value);
  });
  return lists;
}
