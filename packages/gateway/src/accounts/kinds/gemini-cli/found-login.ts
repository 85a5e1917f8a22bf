import type { FoundLogin } from "../../account-kind.ts";
import { claimsOf } from "../../jwt.ts";
import { rfc3339, storedTime } from "../../stored-times.ts";
import { textOf } from "../../stored-json.ts";

/** Google's own CLI; its project is looked up before the first request. */
export const geminiCliLogin: FoundLogin = {
  program: "Gemini CLI",
  path: ".gemini/oauth_creds.json",
  take(content) {
    const accessToken = textOf(content.access_token);
    const refreshToken = textOf(content.refresh_token);
    if (refreshToken === undefined) return undefined;
    const expiry = storedTime(content.expiry_date);
    const claims = claimsOf(textOf(content.id_token) ?? "");
    const email = textOf(claims?.email) ?? "unnamed";
    return {
      file: `gemini-${email}.json`,
      content: {
        token: {
          ...(accessToken !== undefined && { access_token: accessToken }), token_type: "Bearer", refresh_token: refreshToken,
          ...(expiry !== undefined && { expiry: rfc3339(expiry) }),
        },
        project_id: "", email, auto: true, checked: false, type: "gemini",
      },
    };
  },
};
