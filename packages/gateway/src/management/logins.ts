/** Logins at vendors, as far as a host can do them. Bookkeeping of their sessions is the office's. */
export interface Logins {
  /** @returns `undefined` when this provider's login is not configured */
  begin(provider: LoginProvider, options: LoginOptions): Promise<BegunLogin | undefined>;
}

export const LOGIN_PROVIDERS = ["anthropic", "codex", "gemini", "qwen", "iflow", "antigravity", "kimi", "xai"] as const;
export type LoginProvider = (typeof LOGIN_PROVIDERS)[number];

export interface LoginOptions {
  /** The browser will come back to a port of this machine: listen there. */
  readonly forward: boolean;
  /** Google Cloud project. */
  readonly projectId?: string;
  /** A login by a cookie of the vendor's page, without a browser. */
  readonly cookie?: string;
}

export interface BegunLogin {
  /** Unguessable; 1 to 128 of `A-Za-z0-9._-`. */
  readonly state: string;
  /** Where the browser goes; absent when nobody has to go anywhere. */
  readonly url?: string;
  /** The person types a code at the vendor's page instead of being sent back. */
  readonly device?: { readonly userCode?: string; readonly expiresInSeconds?: number };
  /** What the browser was sent back with. Absent: nothing is awaited. @throws when it cannot be kept */
  answer?(answer: LoginAnswer): Promise<void>;
  /** Resolves when the login is saved; rejects with words that may be shown. */
  readonly finished: Promise<SavedLogin>;
  cancel(): void;
}

export interface LoginAnswer {
  readonly code?: string;
  readonly error?: string;
}

export interface SavedLogin {
  /** Name in the directory of stored logins. */
  readonly file: string;
  readonly email?: string;
  readonly expiresAt?: number;
}
