// `gemini-<email>-<project>.json`: tokens stand in an object of their own, as Google's libraries write them.
import { isJsonObject, type JsonObject } from "@dragoman/core";
import type { AccountFacts } from "../../account-kind.ts";
import type { KindSettings } from "../../kind-settings.ts";
import type { NewAccount } from "../../login/login-flow.ts";
import { rfc3339 } from "../../stored-times.ts";
import { storedTokens } from "../../stored-tokens.ts";
import type { TokenReply } from "../../token-request.ts";
import type { GoogleTokens } from "../google/google-login.ts";
import type { ProjectChoice } from "./project-choice.ts";
import { textOf } from "../../stored-json.ts";

/** Flat copies beside `token` are older than what stands in it. */
export function readGeminiFile(content: JsonObject): AccountFacts {
  const token = tokenIn(content);
  const projects = [...new Set((textOf(content.project_id) ?? "").split(",").map((id) => id.trim()).filter((id) => id !== ""))];
  const [project] = projects;
  const clientId = textOf(token.client_id);
  const clientSecret = textOf(token.client_secret);
  const hasClient = clientId !== undefined && clientSecret !== undefined;
  const label = textOf(content.email) ?? "unnamed";
  const baseUrl = textOf(content.base_url)?.replace(/\/+$/, "");
  return {
    ...storedTokens({ ...content, ...token }),
    label: projects.length === 1 ? `${label} (${projects[0] ?? ""})` : label,
    values: { ...(projects.length === 1 && project !== undefined && { project }), ...(hasClient && { clientId, clientSecret }) },
    ...(baseUrl !== undefined && { baseUrl }),
    ...(projects.length > 1 && { seats: projects.map((id) => ({ suffix: id, values: { project: id } })) }),
  };
}

export function tokenIn(content: JsonObject): JsonObject {
  return isJsonObject(content.token) ? content.token : {};
}

export interface GeminiLogin {
  readonly tokens: Pick<GoogleTokens, "accessToken" | "refreshToken"> & { readonly expiresAt?: number | undefined };
  readonly email: string;
  readonly choice: ProjectChoice | undefined;
}

export function geminiAccount({ tokens, email, choice }: GeminiLogin, settings: KindSettings): NewAccount {
  const project = choice?.projects.join(",") ?? "";
  const named = choice?.several === true ? "all" : project;
  return {
    file: named === "" ? `gemini-${email}.json` : `gemini-${email}-${named}.json`,
    content: {
      token: {
        access_token: tokens.accessToken, token_type: "Bearer", refresh_token: tokens.refreshToken,
        ...(tokens.expiresAt !== undefined && { expiry: rfc3339(tokens.expiresAt) }),
        token_uri: settings.endpoints?.token ?? "", client_id: settings.clientId ?? "", client_secret: settings.clientSecret ?? "",
        scopes: settings.scopes ?? [], universe_domain: "googleapis.com",
      },
      project_id: project, email, auto: choice?.auto ?? true, checked: choice !== undefined && !choice.auto, type: "gemini",
    },
  };
}

/** Members that change by a renewal, wherever the file has them. */
export function renewedMembers(content: JsonObject, { accessToken, refreshToken, expiresAt }: TokenReply): JsonObject {
  const fresh: JsonObject = {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(expiresAt !== undefined && { expiry: rfc3339(expiresAt) }),
  };
  const flat = Object.fromEntries(Object.entries(fresh).filter(([name]) => content[name] !== undefined));
  return { ...flat, token: { ...tokenIn(content), ...fresh } };
}
