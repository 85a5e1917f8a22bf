import type { FoundLogin } from "../../account-kind.ts";
import { tokenClaims } from "./token-claims.ts";
import { textOf } from "../../stored-json.ts";

/**
 * The login of the vendor's own program, which is also used where it stands as long as the environment is looked at; and
 * that of droid2api, which keeps the same members in an `auth.json` of its working directory. Refresh tokens are good
 * once: whoever takes a login over should stop the other program.
 */
export const foundLogin: FoundLogin = {
  program: "Factory",
  path: ".factory/auth.json",
  take(content) {
    const accessToken = textOf(content.access_token);
    const refreshToken = textOf(content.refresh_token);
    if (refreshToken === undefined || content.type !== undefined) return undefined;
    const { email, organization } = tokenClaims(accessToken ?? "");
    // Others' files have the same two members: this one's token names an organisation, or the file says when it was written.
    if (organization === undefined && textOf(content.last_updated) === undefined) return undefined;
    return {
      file: `factory-${email ?? "login"}.json`,
      content: {
        type: "factory", ...(accessToken !== undefined && { access_token: accessToken }), refresh_token: refreshToken,
        ...(email !== undefined && { email }), ...(organization !== undefined && { organization_id: organization }),
        ...(content.last_updated !== undefined && { last_refresh: content.last_updated }),
      },
    };
  },
};
