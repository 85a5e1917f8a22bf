import { isAccountError } from "../../accounts/account-error.ts";
import type { AccountKind } from "../../accounts/account-kind.ts";
import type { AccountPool } from "../../accounts/account-pool.ts";
import { reportOn } from "../../accounts/account-report.ts";
import type { Account } from "../../accounts/account.ts";
import { missingSetting } from "../../accounts/missing-setting.ts";
import { rewriteLogin } from "../compatible/runtime/rewrite-login.ts";
import { accountOperations, type AccountKindView, type AccountView } from "../contract/accounts.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../office.ts";

const operations = accountOperations;

export const accountDesks: readonly Desk[] = [
  defineDesk(operations.accounts, ({ office }) => {
    const pool = poolOf(office);
    return {
      accounts: [...pool.accounts()].map((account) => viewOf(office, account)),
      kinds: pool.kinds.map((kind) => kindView(pool, kind)),
      subscriptions: office.ports.config.current().config.accounts.subscriptions,
      unread: [...pool.unread].map(([file, reason]) => ({ file, reason })),
      directory: office.ports.authFiles?.directory ?? "",
    };
  }),

  defineDesk(operations.renewAccount, async ({ office, params, note }) => {
    const account = accountAt(office, params.file);
    note(account.file);
    if (account.kind.renew === undefined) throw new OfficeError(409, "accounts of this kind are not renewed");
    await told(poolOf(office).renew(account));
    return viewOf(office, account);
  }),

  defineDesk(operations.resetAccount, ({ office, params, note }) => {
    const account = accountAt(office, params.file);
    note(account.file);
    const { roster } = office.engine.switchboard;
    for (const { id } of viewOf(office, account).seats) roster.reset(id);
    poolOf(office).revive(account);
    return viewOf(office, account);
  }),

  defineDesk(operations.askQuota, async ({ office, params }) => {
    const account = accountAt(office, params.file);
    const { kind, content, facts, settings } = account;
    const pool = poolOf(office);
    if (kind.askQuota === undefined) throw new OfficeError(409, "the vendor does not tell");
    account.noteQuotas(await told(kind.askQuota({ content, facts, settings, calls: pool.callsFor(account) })), office.engine.ports.clock.now());
    return viewOf(office, account);
  }),

  defineDesk(operations.setAccount, async ({ office, params, body, note }) => {
    const { file } = accountAt(office, params.file);
    note(file, { disabled: body.disabled });
    const files = office.ports.authFiles;
    if (files === undefined || (await rewriteLogin(files, { name: file, index: "" }, (content) => ({ ...content, disabled: body.disabled }))) === undefined) throw new OfficeError(404, "there is no such account");
    await poolOf(office).noticed(file);
    return { status: "ok" as const };
  }),

  defineDesk(operations.removeAccount, async ({ office, params, note }) => {
    note(params.file);
    if (!(await office.ports.authFiles?.remove(accountAt(office, params.file).file))) throw new OfficeError(404, "there is no such account");
    await poolOf(office).noticed(params.file);
    return { status: "ok" as const };
  }),
];

/** @throws OfficeError 503 where the host keeps no logins */
function poolOf(office: Office): AccountPool {
  if (office.accounts === undefined) throw new OfficeError(503, "the host keeps no logins");
  return office.accounts;
}

function accountAt(office: Office, file: string): Account {
  const account = poolOf(office).find(file);
  if (account === undefined) throw new OfficeError(404, "there is no such account");
  return account;
}

function viewOf(office: Office, account: Account): AccountView {
  const report = reportOn(account, {
    pool: poolOf(office), directory: office.ports.authFiles?.directory ?? "",
    cooldowns: (id) => office.engine.switchboard.roster.cooldowns(id),
  });
  return {
    ...report,
    quotas: [...report.quotas],
    seats: report.seats.map(({ cooldowns, ...seat }) => ({
      ...seat,
      cooldowns: cooldowns.map(({ model, until, kind, fromVendor }) => ({ model, until, ...(kind !== undefined && { kind }), fromVendor })),
    })),
  };
}

function kindView(pool: AccountPool, kind: AccountKind): AccountKindView {
  const settings = pool.settingsOf(kind);
  const missing = missingSetting(kind, settings);
  return {
    name: kind.name, title: kind.title,
    ...(kind.terms !== undefined && { terms: kind.terms }),
    isAllowed: pool.allows(kind),
    ...(missing !== undefined && { missing: `accounts.kinds.${kind.name}.${missing.key}: ${missing.where}` }),
    ways: (kind.logins ?? []).map((flow) => ({ type: flow.type, ...(flow.type === "secret" && { asks: flow.asks, isFile: flow.isFile === true }) })),
    choices: (kind.loginChoices ?? []).map((choice) => ({ ...choice })),
  };
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isAccountError(error)) throw error;
    throw new OfficeError(502, error.message);
  }
}
