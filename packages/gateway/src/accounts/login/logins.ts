import type { Ports } from "../../ports.ts";
import { AccountError } from "../account-error.ts";
import type { AccountFiles } from "../account-files.ts";
import type { AccountKind } from "../account-kind.ts";
import type { AccountPool } from "../account-pool.ts";
import type { VendorCalls } from "../vendor-calls.ts";
import type { BegunLogin, LoginOptions, Logins, SavedLogin } from "./begun-login.ts";
import { beginInBrowser } from "./browser-login.ts";
import { CallbackDoors } from "./callback-doors.ts";
import type { CallbackPort } from "./callback-port.ts";
import { beginOnDevice } from "./device-login.ts";
import type { LoginFlow, NewAccount, SecretLogin } from "./login-flow.ts";
import { missingSetting } from "../missing-setting.ts";
import { LoginRun } from "./login-run.ts";
import { saveAccount } from "./save-account.ts";

export interface LoginsOptions {
  readonly pool: AccountPool;
  readonly files: AccountFiles;
  readonly ports: Pick<Ports, "ids" | "logger">;
  /** Absent: the host cannot open ports, so that answers come by hand. */
  readonly callbackPort?: CallbackPort;
  /** In place of waiting by the clock of this machine. Rejects when the signal fires. */
  readonly pause?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** Runs the login flows of all kinds. */
export function createLogins(options: LoginsOptions): Logins {
  const doors = options.callbackPort === undefined ? undefined : new CallbackDoors(options.callbackPort);
  const running = new Set<LoginRun>();
  return {
    async begin(name, asked = {}) {
      const kind = loginableKind(options.pool, name);
      const flow = flowOf(kind, asked);
      if (flow.type !== "secret" || flow.needsNothing !== true) refuseWithoutSettings(kind, options.pool);
      const run = newRun(kind, asked, options);
      running.add(run);
      const done = (): void => void running.delete(run);
      run.finished.then(done, done);
      try {
        return { kind: kind.name, state: run.state, finished: run.finished, cancel: () => run.cancel(), ...(await partsOf(run, flow, { ...asked, doors })) };
      } catch (error) {
        run.fail(error);
        throw error;
      }
    },
    async close() {
      for (const run of running) run.cancel();
      await doors?.closed();
    },
  };
}

/** @throws AccountError `not-configured` */
function loginableKind(pool: AccountPool, name: string): AccountKind {
  const kind = pool.kinds.find((each) => each.name === name);
  if (kind === undefined) throw new AccountError("not-configured", `there is no kind of account named ${name}`);
  if (!pool.allows(kind)) throw new AccountError("not-configured", `${kind.terms ?? ""} If you may use it here, add ${kind.name} to accounts.subscriptions`);
  return kind;
}

/** @throws AccountError `not-configured` */
function refuseWithoutSettings(kind: AccountKind, pool: AccountPool): void {
  const settings = pool.settingsOf(kind);
  const missing = missingSetting(kind, settings);
  if (missing !== undefined) throw new AccountError("not-configured", `accounts.kinds.${kind.name}.${missing.key} is not set: ${missing.where}`);
}

/** @throws AccountError `not-configured` */
function flowOf(kind: AccountKind, { way, secret }: LoginOptions): LoginFlow {
  const wanted = way ?? (secret === undefined ? undefined : "secret");
  const flow = wanted === undefined ? kind.logins?.[0] : kind.logins?.find(({ type }) => type === wanted);
  if (flow === undefined) throw new AccountError("not-configured", wanted === undefined ? `accounts of kind ${kind.name} have no login` : `accounts of kind ${kind.name} have no login by ${wanted}`);
  return flow;
}

function newRun(kind: AccountKind, { choices = {}, tell }: LoginOptions, { pool, files, ports, pause }: LoginsOptions): LoginRun {
  const stop = new AbortController();
  const settings = pool.settingsOf(kind);
  const plain = pool.callsOf(settings, undefined, stop.signal);
  const calls: VendorCalls = pause === undefined ? plain : { ...plain, pause: (durationMs) => pause(durationMs, stop.signal) };
  return new LoginRun({
    kind, stop, state: ports.ids.random(32),
    visit: { settings, calls, options: choices, tell: (progress) => tell?.(progress) },
    save: (account) => save(account, kind, { pool, files, ports }),
  });
}

async function save(account: NewAccount, kind: AccountKind, { pool, files, ports }: Pick<LoginsOptions, "pool" | "files" | "ports">): Promise<SavedLogin> {
  const facts = kind.read(account.content, pool.settingsOf(kind));
  const { email } = account.content;
  let file: string;
  try {
    file = await saveAccount(files, account);
  } catch (cause) {
    throw new AccountError("unavailable", "the login could not be written to the directory of logins", { cause });
  }
  await pool.noticed(file);
  ports.logger.log("info", "account.logged-in", { account: file, kind: kind.name });
  return { file, kind: kind.name, label: facts.label, ...(typeof email === "string" && email !== "" && { email }), ...(facts.expiresAt !== undefined && { expiresAt: facts.expiresAt }) };
}

type BegunParts = Omit<BegunLogin, "kind" | "state" | "finished" | "cancel">;

function partsOf(run: LoginRun, flow: LoginFlow, options: LoginOptions & { readonly doors: CallbackDoors | undefined }): Promise<BegunParts> | BegunParts {
  switch (flow.type) {
    case "browser":
      return beginInBrowser(run, flow, options);
    case "device":
      return beginOnDevice(run, flow);
    case "secret":
      run.endWith(exchangeSecret(run, flow, options.secret ?? ""));
      return { answer: () => false };
  }
}

async function exchangeSecret({ visit }: LoginRun, flow: SecretLogin, secret: string): Promise<NewAccount> {
  if (secret.trim() === "") throw new AccountError("refused", `nothing was given: ${flow.asks}`);
  return flow.exchange(secret, visit);
}
