import { hmacSha256 } from "@dragoman/core";
import type { Clock, Ids } from "../../ports.ts";
import type { KeyKind } from "./management-keys.ts";

export const SESSION_MS = 24 * 60 * 60_000;
const COOKIE = "dragoman_session";
/** Of sessions that programs opened as infiniproxy has it; they know no header of ours. */
const PROGRAM_COOKIE = "admin_session";

export interface Session {
  readonly expiresAt: number;
  /** The key that it was opened with. */
  readonly key: KeyKind | "setup";
  /** It was opened by a program, not by our page. */
  readonly ofProgram?: true;
}

export interface SessionsOptions {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** What sessions end with: another value, and none of them is good any more. */
  readonly boundTo: () => string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Sessions of the web page. The cookie says all that is known of one and is signed; nothing is kept here, so every replica
 * with the same secret takes it.
 */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** @returns the `Set-Cookie` value */
  open(key: Session["key"], request: Request, holder: "page" | "program" = "page"): { readonly cookie: string; readonly expiresAt: number } {
    const { clock, ids } = this.#options;
    const expiresAt = clock.now() + SESSION_MS;
    const claim = `1.${expiresAt}.${key}.${ids.random(16)}`;
    return { cookie: cookieText(holder === "page" ? COOKIE : PROGRAM_COOKIE, `${claim}.${this.#sign(claim)}`, { seconds: SESSION_MS / 1000, request }), expiresAt };
  }

  /** @returns the `Set-Cookie` value that ends it in the browser */
  end(request: Request, holder: "page" | "program" = "page"): string {
    return cookieText(holder === "page" ? COOKIE : PROGRAM_COOKIE, "", { seconds: 0, request });
  }

  /** The session that a request shows, when it is a good one. */
  of(headers: Headers): Session | undefined {
    const ours = cookieOf(headers, COOKIE);
    const value = ours ?? cookieOf(headers, PROGRAM_COOKIE);
    if (value === undefined) return undefined;
    const end = value.lastIndexOf(".");
    const claim = value.slice(0, Math.max(0, end));
    if (!sameText(this.#sign(claim), value.slice(end + 1))) return undefined;
    const [version, expiry, key] = claim.split(".");
    const expiresAt = Number(expiry);
    if (version !== "1" || !(expiresAt > this.#options.clock.now())) return undefined;
    return { expiresAt, key: key as Session["key"], ...(ours === undefined && { ofProgram: true }) };
  }

  #sign(claim: string): string {
    const { secret, boundTo } = this.#options;
    return hex(hmacSha256(secret, new TextEncoder().encode(`session\0${boundTo()}\0${claim}`)));
  }
}

/** Whether a request shows a session of a program, good or not. */
export function showsProgramSession(headers: Headers): boolean {
  return cookieOf(headers, PROGRAM_COOKIE) !== undefined;
}

function cookieOf(headers: Headers, wanted: string): string | undefined {
  for (const part of (headers.get("cookie") ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === wanted && value !== undefined && value !== "") return value;
  }
  return undefined;
}

function cookieText(name: string, value: string, { seconds, request }: { readonly seconds: number; readonly request: Request }): string {
  const isSecure = request.url.startsWith("https:") || request.headers.get("x-forwarded-proto") === "https";
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Looks at every character, wherever the first difference is. */
export function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
