// What a stored ChatGPT login holds, and how its file is called.
import { isJsonObject, sha256Hex, type JsonObject } from "@dragoman/core";
import type { AccountFacts, FoundLogin } from "../../account-kind.ts";
import { claimsOf } from "../../jwt.ts";
import type { NewAccount } from "../../login/login-flow.ts";
import { rfc3339, storedExpiry, storedRenewal, storedTime } from "../../stored-times.ts";
import { textOf } from "../../stored-json.ts";

/** What the vendor says of the person, in the id token. */
export interface Person {
  readonly email?: string;
  readonly accountId?: string;
  /** `free`, `plus`, `pro`, `team`…, in the vendor's spelling. */
  readonly plan?: string;
}

const AUTH_CLAIM = "https://api.openai.com/auth";

export function personIn(idToken: string | undefined): Person {
  const claims = idToken === undefined ? undefined : claimsOf(idToken);
  const auth = isJsonObject(claims?.[AUTH_CLAIM]) ? claims[AUTH_CLAIM] : {};
  const email = textOf(claims?.email);
  const accountId = textOf(auth.chatgpt_account_id);
  const plan = textOf(auth.chatgpt_plan_type);
  return { ...(email !== undefined && { email }), ...(accountId !== undefined && { accountId }), ...(plan !== undefined && { plan }) };
}

/** The plan comes from the id token each time: the file's name keeps the one of the login. */
export function readStored(content: JsonObject): AccountFacts {
  const person = personIn(textOf(content.id_token));
  const accessToken = textOf(content.access_token);
  const refreshToken = textOf(content.refresh_token) ?? textOf(content.refreshToken);
  const expiresAt = storedExpiry(content) ?? storedTime(claimsOf(accessToken ?? "")?.exp);
  const renewedAt = storedRenewal(content);
  const accountId = textOf(content.account_id) ?? person.accountId;
  const plan = person.plan ?? textOf(content.plan_type);
  const baseUrl = textOf(content.base_url);
  return {
    label: textOf(content.email) ?? person.email ?? accountId ?? "unnamed",
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(renewedAt !== undefined && { renewedAt }),
    ...(plan !== undefined && { plan }),
    ...(baseUrl !== undefined && { baseUrl }),
    values: { ...(accountId !== undefined && { accountId }), ...(content.websockets === true && { websockets: "true" }) },
    ...(accessToken === undefined && refreshToken === undefined && { trouble: "it holds no token" }),
  };
}

/** Members that follow from the id token. */
export function personMembers({ email, accountId }: Person): JsonObject {
  return { ...(accountId !== undefined && { account_id: accountId }), ...(email !== undefined && { email }) };
}

/** `codex-<8 hex of the account>-<email>-<plan>.json`; what is not known is left out with its dash. */
export function accountOf(members: JsonObject, now: number): NewAccount {
  const person = personIn(textOf(members.id_token));
  const plan = (person.plan ?? "").toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "").join("-");
  const account = person.accountId === undefined ? "" : sha256Hex(person.accountId).slice(0, 8);
  const name = ["codex", account, person.email ?? "", plan].filter((piece) => piece !== "").join("-");
  return {
    file: `${name === "codex" ? `codex-${sha256Hex(String(members.access_token)).slice(0, 8)}` : name}.json`,
    content: { ...members, account_id: person.accountId ?? "", email: person.email ?? "", last_refresh: rfc3339(now), type: "codex" },
  };
}

/** What OpenAI's Codex keeps; a login by key stands in the same file, and is none of ours. */
export const codexProgram: FoundLogin = {
  program: "Codex",
  path: ".codex/auth.json",
  variable: "CODEX_HOME",
  take(content) {
    const tokens = content.tokens;
    if (!isJsonObject(tokens)) return undefined;
    const accessToken = textOf(tokens.access_token);
    const refreshToken = textOf(tokens.refresh_token);
    if (accessToken === undefined && refreshToken === undefined) return undefined;
    const expiresAt = storedTime(claimsOf(accessToken ?? "")?.exp);
    const { file, content: made } = accountOf({
      id_token: textOf(tokens.id_token) ?? "", access_token: accessToken ?? "", refresh_token: refreshToken ?? "", ...(expiresAt !== undefined && { expired: rfc3339(expiresAt) }),
    }, storedTime(content.last_refresh) ?? 0);
    const accountId = textOf(tokens.account_id);
    return { file, content: accountId === undefined ? made : { ...made, account_id: accountId } };
  },
};
