import type { Environment } from "../../../config/expand-environment.ts";
import type { EnvironmentLogins } from "../../account-kind.ts";
import type { NewAccount } from "../../login/login-flow.ts";

/** Where a login of `DROID_REFRESH_KEY` is kept. */
const KEPT_FILE = "factory-environment.json";
/** Where the vendor's own program keeps its login, below the home directory (installations until 2025). */
const PROGRAM_FILE = ".factory/auth.json";

/**
 * `FACTORY_API_KEY` and `FACTORY_API_KEYS` are fixed keys: with one of them nothing is renewed. Then comes the refresh token
 * of `DROID_REFRESH_KEY`, then the login of the vendor's own program.
 */
export function fromEnvironment(variables: Environment): EnvironmentLogins {
  const keys = fixedKeys(variables);
  if (keys.length > 0) return { passing: keys, resting: [KEPT_FILE] };
  const refreshToken = variables.DROID_REFRESH_KEY?.trim() ?? "";
  if (refreshToken === "") return { followed: [PROGRAM_FILE] };
  return { kept: [{ file: KEPT_FILE, origin: refreshToken, content: { type: "factory", label: "DROID_REFRESH_KEY", refresh_token: refreshToken } }] };
}

/** The single key goes first; the others stand in for it, and take turns when there is none. */
function fixedKeys(variables: Environment): readonly NewAccount[] {
  const first = variables.FACTORY_API_KEY?.trim() ?? "";
  const others = [...new Set((variables.FACTORY_API_KEYS ?? "").split(/[\s;,]+/).filter((key) => key !== "" && key !== first))];
  return [
    ...(first === "" ? [] : [account("FACTORY_API_KEY", first, 1)]),
    ...others.map((key, index) => account(`FACTORY_API_KEYS ${index + 1}`, key, 0)),
  ];
}

function account(name: string, key: string, priority: number): NewAccount {
  return { file: `environment ${name}`, content: { type: "factory", label: name, api_key: key, priority } };
}
