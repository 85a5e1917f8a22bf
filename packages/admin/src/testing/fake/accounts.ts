import type { AccountKindView, AccountView } from "../../../../gateway/src/management/contract/accounts.ts";
import { Refusal } from "./refusal.ts";

const HOUR = 3_600_000;

type Subscriptions = boolean | readonly string[];

const isAllowed = ({ name, terms }: Pick<AccountKindView, "name" | "terms">, subscriptions: Subscriptions): boolean =>
  terms === undefined || (typeof subscriptions === "boolean" ? subscriptions : subscriptions.includes(name));

const KINDS: readonly Omit<AccountKindView, "isAllowed">[] = [
  { name: "claude", title: "Claude subscription", terms: "The vendor sells subscriptions for its own programs; using one elsewhere may break its terms and cost you the account.", ways: [{ type: "browser" }, { type: "secret", asks: "Setup token", isFile: false }], choices: [] },
  { name: "codex", title: "ChatGPT subscription", terms: "The vendor sells subscriptions for its own programs.", ways: [{ type: "browser" }, { type: "device" }], choices: [] },
  { name: "factory", title: "Factory", terms: "The vendor's model gateway is made for its own programs.", ways: [{ type: "device" }, { type: "secret", asks: "Factory key", isFile: false }], choices: [] },
  { name: "gemini-cli", title: "Gemini CLI (Google account)", missing: "accounts.kinds.gemini-cli.client-secret: it is in the vendor's own program", ways: [{ type: "browser" }], choices: [{ name: "project_id", label: "Google Cloud project", hint: "Empty: the first one. ALL: all of them." }] },
  { name: "vertex", title: "Vertex AI service account", ways: [{ type: "secret", asks: "Key file of the service account", isFile: true }], choices: [] },
];

/** Accounts in several states, made up. `subscriptions` is what the operator has agreed to. */
export function makeAccounts(now: number, clock: () => number, subscriptions: () => Subscriptions): { readonly handlers: Readonly<Record<string, unknown>> } {
  const accounts = new Map(invented(now).map((account) => [account.file, account]));
  const logins = new Map<string, { readonly begunAt: number; over: boolean }>();
  const find = (file: string): AccountView => {
    const account = accounts.get(file);
    if (account === undefined) throw new Refusal(404, "there is no such account");
    return account;
  };
  const change = (file: string, changes: Partial<AccountView>): AccountView => {
    const changed = { ...find(file), ...changes };
    accounts.set(file, changed);
    return changed;
  };
  type File = { readonly params: { readonly file: string } };
  type State = { readonly params: { readonly state: string } };
  return {
    handlers: {
      accounts: () => ({ accounts: [...accounts.values()], kinds: KINDS.map((kind) => ({ ...kind, isAllowed: isAllowed(kind, subscriptions()) })), subscriptions: subscriptions(), unread: [], directory: "~/.dragoman/auth" }),
      renewAccount: ({ params }: File) => change(params.file, { renewedAt: clock(), expiresAt: clock() + 8 * HOUR }),
      resetAccount: ({ params }: File) => change(params.file, { state: "ready", seats: find(params.file).seats.map((seat) => ({ ...seat, cooldowns: [] })) }),
      askQuota: ({ params }: File) => find(params.file),
      setAccount: ({ params, body }: File & { readonly body: { readonly disabled: boolean } }) => {
        change(params.file, { state: body.disabled ? "disabled" : "ready" });
        return { status: "ok" };
      },
      removeAccount: ({ params }: File) => {
        find(params.file);
        accounts.delete(params.file);
        return { status: "ok" };
      },
      beginLogin: ({ body }: { readonly body: { readonly kind: string; readonly way?: string } }) => {
        const state = `state${logins.size + 1}`;
        logins.set(state, { begunAt: clock(), over: false });
        return { state, url: "https://login.example.com/authorize?state=x", ...(body.way === "device" && { device: { userCode: "WDJB-MJHT", expiresInMs: 900_000 } }) };
      },
      loginState: ({ params }: State) => {
        const login = logins.get(params.state);
        return login === undefined ? { state: "unknown" } : login.over ? { state: "saved", file: "codex-new@example.com.json", label: "new@example.com" } : { state: "pending" };
      },
      answerLogin: ({ params }: State) => {
        const login = logins.get(params.state);
        if (login === undefined) throw new Refusal(404, "there is no such login");
        login.over = true;
        return { status: "ok" };
      },
      cancelLogin: ({ params }: State) => {
        logins.delete(params.state);
        return { status: "ok" };
      },
    },
  };
}

function invented(now: number): AccountView[] {
  const common = { isPassing: false, canRenew: true, canAskQuota: false } as const;
  return [
    {
      ...common, file: "claude-team@example.com.json", index: "1f0c83be94d2a657", kind: "claude", title: "Claude subscription", label: "team@example.com", plan: "max", state: "ready", isSubscription: true,
      expiresAt: now + 6 * HOUR, renewedAt: now - 2 * HOUR, nextRenewalAt: now + 2 * HOUR,
      quotas: [{ name: "5 hours", usedShare: 0.38, resetsAt: now + 2 * HOUR }, { name: "week", usedShare: 0.71, resetsAt: now + 60 * HOUR }], seats: [seat("claude-team@example.com.json", "1f0c83be94d2a657")],
    },
    {
      ...common, file: "claude-second@example.com.json", index: "2c4e0ad17b5f9386", kind: "claude", title: "Claude subscription", label: "second@example.com", plan: "pro", state: "cooling", isSubscription: true,
      expiresAt: now + 7 * HOUR, renewedAt: now - HOUR, nextRenewalAt: now + 3 * HOUR,
      quotas: [{ name: "5 hours", usedShare: 1, resetsAt: now + 1.2 * HOUR, exhausted: true }], seats: [{ ...seat("claude-second@example.com.json", "2c4e0ad17b5f9386"), cooldowns: [{ model: "*", until: now + 1.2 * HOUR, kind: "rate-limited", fromVendor: true }] }],
    },
    {
      ...common, file: "codex-team@example.com-plus.json", index: "3d51be08f2a9c746", kind: "codex", title: "ChatGPT subscription", label: "team@example.com", plan: "plus", state: "revoked", isSubscription: true,
      message: "the vendor answered invalid_grant: the session was ended", advice: "Log in again with `dragoman login codex`.", quotas: [], seats: [seat("codex-team@example.com-plus.json", "3d51be08f2a9c746")],
    },
    {
      ...common, file: "gemini-team@example.com-all.json", index: "4e62cf19a3bad857", kind: "gemini-cli", title: "Gemini CLI (Google account)", label: "team@example.com", state: "ready", isSubscription: false,
      expiresAt: now + 0.6 * HOUR, quotas: [{ name: "requests", usedShare: 0.12 }], seats: [seat("gemini-team@example.com-all.json::blue", "4e62cf19a3bad857", "blue"), seat("gemini-team@example.com-all.json::green", "5f73d02ab4cbe968", "green")],
    },
  ];
}

function seat(id: string, index: string, suffix = ""): AccountView["seats"][number] {
  return { id, index, suffix, cooldowns: [] };
}
