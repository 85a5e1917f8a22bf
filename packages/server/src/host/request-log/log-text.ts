import { maskHeaders, maskText, maskUrl, VERSION } from "@dragoman/gateway";
import { fullTime } from "../local-time.ts";
import type { LogPart } from "./log-part.ts";
import { isMultipart, type LoggedAttempt, type LoggedRequest } from "./logged-request.ts";

/**
 * The sections of a request's log, in CLIProxyAPI's form: what the client said, what each upstream was asked and answered,
 * what the client was answered. Secrets are masked in headers and addresses, and taken out of bodies.
 */
export async function* logSections(request: LoggedRequest): AsyncGenerator<string> {
  const secrets = request.secrets();
  yield `${head(request)}=== REQUEST BODY ===\n`;
  if (isMultipart(request)) yield "[multipart bodies are not kept]";
  else yield* masked(request.clientRequest, secrets);
  for (const [number, attempt] of request.attempts.entries()) {
    if (attempt === undefined) continue;
    yield `\n\n=== API REQUEST ${number} ===\n${askedText(attempt)}\nBody:\n`;
    yield* masked(attempt.request, secrets);
    if (attempt.status !== undefined) {
      yield `\n\n=== API RESPONSE ${number} ===\n${answeredText(attempt)}\nBody:\n`;
      yield* masked(attempt.response, secrets);
    }
    if (attempt.failure !== undefined) yield `\n\n=== API ERROR RESPONSE ===\nHTTP Status: ${attempt.failureStatus ?? 0}\n${maskText(attempt.failure, secrets)}`;
  }
  yield `\n\n=== RESPONSE ===\nStatus: ${request.clientStatus ?? 0}\n${headerLines(request.clientHeaders)}\n`;
  yield* masked(request.clientResponse, secrets);
  yield "\n";
}

/** A secret may begin in one piece and end in the next, so the end of each waits for the next one. */
async function* masked(part: LogPart | undefined, secrets: readonly string[]): AsyncGenerator<string> {
  if (part === undefined) return;
  let held = "";
  for await (const piece of part.pieces()) {
    const text = held + piece;
    const end = lastBreak(text);
    held = text.slice(end);
    yield maskText(text.slice(0, end), secrets);
  }
  yield maskText(held, secrets);
}

/** No secret is longer. */
const MAX_SECRET_CHARACTERS = 4096;
/** None of these is ever within a secret. */
const BREAK = /[\s"',;<>(){}]/;

function lastBreak(text: string): number {
  const least = Math.max(0, text.length - MAX_SECRET_CHARACTERS);
  for (let at = text.length - 1; at >= least; at--) if (BREAK.test(text[at] ?? "")) return at;
  return least;
}

function head({ path, method, requestId, startedAt, headers }: LoggedRequest): string {
  return [
    "=== REQUEST INFO ===",
    `Version: ${VERSION}`,
    `URL: ${maskUrl(path)}`,
    `Method: ${method}`,
    "Downstream Transport: http",
    "Upstream Transport: http",
    `Request ID: ${requestId}`,
    `Timestamp: ${fullTime(startedAt)}`,
    "",
    "=== HEADERS ===",
    `${headerLines(headers)}\n`,
  ].join("\n");
}

function askedText(attempt: LoggedAttempt): string {
  const { startedAt, url, candidate, headers } = attempt;
  return [
    `Timestamp: ${fullTime(startedAt)}`,
    `Upstream URL: ${url === undefined ? "" : maskUrl(url)}`,
    "HTTP Method: POST",
    `Auth: provider=${candidate?.upstream.name ?? ""}, auth_id=${candidate?.credential.index ?? ""}, label=${candidate?.credential.label ?? ""}, type=api_key`,
    "",
    "Headers:",
    headerLines(Object.entries(headers ?? {})),
  ].join("\n");
}

function answeredText({ answeredAt, status, responseHeaders }: LoggedAttempt): string {
  return [`Timestamp: ${fullTime(answeredAt ?? 0)}`, `Status: ${status ?? 0}`, "Headers:", headerLines(responseHeaders)].join("\n");
}

/** `Content-Type: application/json`, a line each. */
function headerLines(headers: Iterable<readonly [string, string]> | undefined): string {
  if (headers === undefined) return "";
  return Object.entries(maskHeaders(headers)).map(([name, value]) => `${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: ${value}\n`).join("");
}
