/** Logins at vendors: what the command line, the management API and the admin page begin. */
export interface Logins {
  /**
   * @param kind name of a kind of accounts
   * @throws AccountError `not-configured` when there is no such login, its terms were not agreed to or a setting is missing; `unavailable` when the vendor cannot be reached
   * @throws CallbackPortTaken
   */
  begin(kind: string, options?: LoginOptions): Promise<BegunLogin>;
  /** Gives up all that are under way. Resolves when browsers have been told. */
  close(): Promise<void>;
}

export interface LoginOptions {
  /** Absent: the kind's usual way; with a `secret`, the way that takes one. */
  readonly way?: "browser" | "device" | "secret";
  /** Await the browser at a port of this machine. Without it the answer comes by hand, or over the gateway's own address. */
  readonly listens?: boolean;
  /** Over the kind's own. */
  readonly callbackPort?: number;
  /** A cookie, a key, or a file's text. */
  readonly secret?: string;
  /** What the person chose, e.g. `project_id`. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Hears, in one plain sentence each, what is being done. */
  tell?(progress: string): void;
}

export interface BegunLogin {
  readonly kind: string;
  /** 32 letters and digits, unguessable: whoever knows it has begun the login. */
  readonly state: string;
  /** Where the person goes; absent when nobody has to go anywhere. */
  readonly url?: string;
  /** The person types a code at the vendor's page instead of being sent back. */
  readonly device?: { readonly userCode: string; readonly expiresInMs: number };
  /** Where the vendor sends the browser; absent: it sends none. */
  readonly redirectUri?: string;
  /** Where the browser is awaited; absent: nowhere. */
  readonly callbackPort?: number;
  /** Takes what the browser was sent back with. @returns whether it was awaited (any more) */
  answer(answer: LoginAnswer): boolean;
  /** Resolves when the login is saved; rejects with an AccountError, whose words may be shown. */
  readonly finished: Promise<SavedLogin>;
  /** Gives it up, unless it is saved already. */
  cancel(): void;
}

export interface LoginAnswer {
  readonly code?: string;
  readonly error?: string;
}

export interface SavedLogin {
  /** Name in the directory of stored logins. */
  readonly file: string;
  readonly kind: string;
  /** For people: usually the e-mail address. */
  readonly label: string;
  readonly email?: string;
  /** Epoch ms. */
  readonly expiresAt?: number;
}
