import type { JsonObject } from "@dragoman/core";
import type { KindSettings } from "../kind-settings.ts";
import type { VendorCalls } from "../vendor-calls.ts";

/** A way in which a person logs in to a vendor. The house runs it; a kind only says what is particular. */
export type LoginFlow = BrowserLogin | DeviceLogin | SecretLogin;

export interface LoginVisit {
  readonly settings: KindSettings;
  readonly calls: VendorCalls;
  /** What the person chose, e.g. a Google Cloud project. */
  readonly options: Readonly<Record<string, string>>;
  /** For those who wait: one plain sentence on what is being done. */
  tell(progress: string): void;
}

/** The vendor sends the browser back to a port of this machine, with a code (RFC 6749, section 4.1). */
export interface BrowserLogin {
  readonly type: "browser";
  /**
   * Registered at the vendor, so that it is byte-exact: `http://localhost:54545/callback`. Operators may listen on another
   * port; the address that the vendor is told keeps this one, unless the vendor takes `anyPort`.
   */
  readonly callback: { readonly port: number; readonly path: string; readonly anyPort?: true };
  /** Characters of the PKCE verifier, 43 to 128 (RFC 7636); absent: the vendor knows no PKCE. */
  readonly verifierLength?: number;
  /** Path at the gateway itself to which a browser may be sent, e.g. `/anthropic/callback`. */
  readonly webPath?: string;
  authorizeUrl(question: AuthorizeQuestion, visit: LoginVisit): string | Promise<string>;
  /** @throws AccountError */
  exchange(answer: CodeAnswer, visit: LoginVisit): Promise<NewAccount>;
}

export interface AuthorizeQuestion {
  /** 32 letters and digits, unguessable. */
  readonly state: string;
  readonly redirectUri: string;
  /** Base64url of the verifier's SHA-256; method `S256`. Empty without PKCE. */
  readonly challenge: string;
}

export interface CodeAnswer {
  readonly code: string;
  readonly state: string;
  readonly redirectUri: string;
  /** Empty without PKCE. */
  readonly verifier: string;
}

/** The person types a code at the vendor's page, on any device (RFC 8628). */
export interface DeviceLogin {
  readonly type: "device";
  /** @throws AccountError */
  begin(visit: LoginVisit): Promise<DeviceGrant>;
  /** Asked again and again, no faster than the interval. @throws AccountError when it is over */
  poll(grant: DeviceGrant, visit: LoginVisit): Promise<DeviceAnswer>;
}

export interface DeviceGrant {
  readonly userCode: string;
  readonly verificationUrl: string;
  /** With the code in it. */
  readonly completeUrl?: string;
  readonly expiresInMs: number;
  readonly intervalMs: number;
  /** The first question is asked at once, without waiting for the interval. */
  readonly asksAtOnce?: boolean;
  /** What only the kind's own `poll` understands: device code, verifier. */
  readonly secret: Readonly<Record<string, string>>;
}

/** `slower`: from now on wait so long between two questions, in ms; absent: 5 s more than before. */
export type DeviceAnswer =
  | { readonly type: "pending" }
  | { readonly type: "slow-down"; readonly intervalMs?: number }
  | { readonly type: "done"; readonly account: NewAccount };

/** The person pastes something that the vendor's page or another program showed: a cookie, a key, a key file. */
export interface SecretLogin {
  readonly type: "secret";
  /** What is asked for, for people: `Cookie of platform.example.com`. */
  readonly asks: string;
  /** It works without the settings that the kind `needs`. */
  readonly needsNothing?: true;
  /** It is a file's text rather than a line. */
  readonly isFile?: boolean;
  /** @throws AccountError `refused` with what is wrong with it */
  exchange(secret: string, visit: LoginVisit): Promise<NewAccount>;
}

/** What is written down. */
export interface NewAccount {
  /** Name of the file; what vendors said in it is made safe where it is written. */
  readonly file: string;
  readonly content: JsonObject;
}
