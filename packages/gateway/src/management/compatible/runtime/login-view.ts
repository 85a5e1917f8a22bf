import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { RecentRequests } from "../../../observe/recent-requests.ts";
import { recentView } from "./recent-view.ts";
import { textOf, type StoredLogin } from "./stored-login.ts";

/** What the list tells of a stored login; secrets stay in the file. */
export function loginView(login: StoredLogin, recent: RecentRequests): JsonObject {
  const { content = {} } = login;
  const disabled = content.disabled === true;
  const email = textOf(content.email);
  const projectId = textOf(content.project_id);
  const accountType = accountTypeOf(content);
  const account = accountType === "oauth" ? (email ?? projectId) : undefined;
  return {
    id: login.name, auth_index: login.index, name: login.name, type: login.type, provider: login.type,
    label: textOf(content.label) ?? email ?? projectId ?? login.type,
    ...statusOf(login, disabled),
    disabled, unavailable: false, runtime_only: false, source: "file", size: login.size, path: login.path,
    ...recentView(recent.of(login.index)),
    ...defined({
      email, project_id: projectId, account_type: accountType, account,
      created_at: dateText(login.createdAt), modtime: dateText(login.modifiedAt), updated_at: dateText(login.modifiedAt),
      last_refresh: dateOf(content.last_refresh), id_token: identityOf(content.id_token),
    }),
    ...editable(content),
  };
}

/** No flow and no dialect uses stored logins yet, so nothing is known of whether they work. */
function statusOf({ content }: StoredLogin, disabled: boolean): JsonObject {
  if (content === undefined) return { status: "error", status_message: "the file does not hold a JSON object" };
  if (disabled) return { status: "disabled", status_message: "" };
  return { status: "unknown", status_message: "stored logins are kept, but not used for requests yet" };
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

/** The middle part of a JWT; its signature is the vendor's business. */
function claimsOf(token: string): JsonObject | undefined {
  try {
    const base64 = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const value = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)))) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 3339, or seconds since 1970. */
export function timeOf(value: Json | undefined): number | undefined {
  const time = typeof value === "number" ? value * 1000 : typeof value === "string" && /^\d+$/.test(value) ? Number(value) * 1000 : typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

function dateOf(value: Json | undefined): string | undefined {
  const time = timeOf(value);
  return time === undefined ? undefined : dateText(time);
}

const dateText = (time: number): string => new Date(time).toISOString();

function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
