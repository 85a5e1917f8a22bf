import { AccountError } from "../account-error.ts";
import type { AccountKind } from "../account-kind.ts";
import type { SavedLogin } from "./begun-login.ts";
import type { LoginVisit, NewAccount } from "./login-flow.ts";

/** One login under way: it ends once, in an account or in an error. */
export class LoginRun {
  readonly kind: AccountKind;
  readonly state: string;
  readonly visit: LoginVisit;
  readonly finished: Promise<SavedLogin>;
  readonly #stop: AbortController;
  #resolve: (account: NewAccount) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #isOver = false;

  constructor(parts: { readonly kind: AccountKind; readonly state: string; readonly visit: LoginVisit; readonly stop: AbortController; save(account: NewAccount): Promise<SavedLogin> }) {
    this.kind = parts.kind;
    this.state = parts.state;
    this.visit = parts.visit;
    this.#stop = parts.stop;
    const end = new Promise<NewAccount>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished = end.then((account) => parts.save(account));
    // Who asks later is told; nobody has to ask.
    this.finished.catch(() => undefined);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends it as the work ends. */
  endWith(work: Promise<NewAccount>): void {
    work.then((account) => this.#over(() => this.#resolve(account)), (error: unknown) => this.fail(error));
  }

  fail(error: unknown): void {
    this.#over(() => this.#reject(error instanceof Error ? error : new AccountError("malformed", String(error))));
  }

  cancel(): void {
    this.fail(new AccountError("denied", "the login was given up"));
  }

  /** What waits for it waits no longer. */
  #over(how: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    how();
    this.#stop.abort();
  }
}
