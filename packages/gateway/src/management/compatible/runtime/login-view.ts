import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { reportOn, type AccountReport } from "../../../accounts/account-report.ts";
import type { Account } from "../../../accounts/account.ts";
import { claimsOf } from "../../../accounts/jwt.ts";
import { storedTime } from "../../../accounts/stored-times.ts";
import type { Office } from "../../office.ts";
import { recentView } from "./recent-view.ts";
import type { StoredLogin } from "./stored-login.ts";
import { textOf } from "../../../accounts/stored-json.ts";

/** What the list tells of a stored login; secrets stay in the file. */
export function loginView(login: StoredLogin, office: Office): JsonObject {
  const { content = {} } = login;
  const disabled = content.disabled === true;
  const email = textOf(content.email);
  const projectId = textOf(content.project_id);
  const accountType = accountTypeOf(content);
  const account = accountType === "oauth" ? (email ?? projectId) : undefined;
  return {
    id: login.name, auth_index: login.index, name: login.name, type: login.type, provider: login.type,
    label: textOf(content.label) ?? email ?? projectId ?? login.type,
    ...statusOf(login, reportOf(login.name, office), office.accounts === undefined ? "this host does not use stored logins" : office.accounts.unread.get(login.name)),
    disabled, runtime_only: false, source: "file", size: login.size, path: login.path,
    ...recentView(office.recent.of(login.index)),
    ...defined({
      email, project_id: projectId, account_type: accountType, account,
      created_at: dateText(login.createdAt), modtime: dateText(login.modifiedAt), updated_at: dateText(login.modifiedAt),
      last_refresh: dateOf(content.last_refresh), id_token: identityOf(content.id_token),
    }),
    ...editable(content),
  };
}

/** An account that stands in no file. */
export function passingView(account: Account, office: Office): JsonObject {
  const report = reportOf(account.file, office);
  const { kind, file, facts } = account;
  return {
    id: file, auth_index: report?.index ?? "", name: file, type: kind.types[0], provider: kind.types[0], label: facts.label,
    ...(report !== undefined && reportedStatus(report)),
    disabled: false, runtime_only: true, source: "memory", size: 0,
    ...recentView(office.recent.of(report?.index ?? "")),
  };
}

function reportOf(name: string, { accounts, ports, engine }: Office): AccountReport | undefined {
  const account = accounts?.find(name);
  if (accounts === undefined || account === undefined) return undefined;
  return reportOn(account, { pool: accounts, directory: ports.authFiles?.directory ?? "", cooldowns: (id) => engine.switchboard.roster.cooldowns(id) });
}

function statusOf({ content }: StoredLogin, report: AccountReport | undefined, unread: string | undefined): JsonObject {
  if (content === undefined) return { status: "error", status_message: "the file does not hold a JSON object", unavailable: false };
  if (report !== undefined) return reportedStatus(report);
  if (content.disabled === true) return { status: "disabled", status_message: "", unavailable: false };
  return { status: "unknown", status_message: unread ?? "", unavailable: false };
}

/** In the words of the interface; pauses of single models do not make the whole unavailable. */
function reportedStatus({ state, message, advice, seats }: AccountReport): JsonObject {
  const words = [message, advice].filter((text) => text !== undefined).join(". ");
  if (state === "disabled") return { status: "disabled", status_message: "", unavailable: false };
  if (state === "ready") return { status: "active", status_message: message ?? "", unavailable: false };
  if (state !== "cooling") return { status: "error", status_message: words, unavailable: true };
  const until = Math.min(...seats.flatMap(({ cooldowns }) => cooldowns.map((cooldown) => cooldown.until)));
  return { status: "active", status_message: "it is cooling down", unavailable: true, next_retry_after: dateText(until) };
}

function accountTypeOf(content: JsonObject): "oauth" | "api_key" | undefined {
  if (["access_token", "refresh_token", "token", "cookie", "id_token"].some((name) => content[name] !== undefined && content[name] !== "")) return "oauth";
  return textOf(content.api_key) === undefined ? undefined : "api_key";
}

const EDITABLE = ["priority", "weight", "note", "websockets", "request_retry", "prefix", "proxy_url"] as const;

function editable(content: JsonObject): JsonObject {
  return Object.fromEntries(EDITABLE.flatMap((name) => (content[name] === undefined || content[name] === null || content[name] === "" ? [] : [[name, name === "proxy_url" ? withoutUser(content[name]) : content[name]]])));
}

function withoutUser(url: Json): Json {
  return typeof url === "string" ? url.replace(/\/\/[^/@]*@/, "//") : url;
}

const OPENAI_CLAIMS = "https://api.openai.com/auth";

/** Claims of OpenAI's identity tokens that concern the subscription; absent where there is no such token. */
function identityOf(token: Json | undefined): JsonObject | undefined {
  const claims = typeof token === "string" ? claimsOf(token)?.[OPENAI_CLAIMS] : undefined;
  if (!isJsonObject(claims)) return undefined;
  return defined({
    chatgpt_account_id: claims.chatgpt_account_id, plan_type: claims.chatgpt_plan_type,
    chatgpt_subscription_active_start: claims.chatgpt_subscription_active_start, chatgpt_subscription_active_until: claims.chatgpt_subscription_active_until,
  });
}

function dateOf(value: Json | undefined): string | undefined {
  const time = storedTime(value);
  return time === undefined ? undefined : dateText(time);
}

const dateText = (time: number): string => new Date(time).toISOString();

function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
