import { AccountError } from "../../account-error.ts";
import type { NewAccount, SecretLogin } from "../../login/login-flow.ts";
import { normalisedKey } from "./private-key.ts";
import { parseObject, textOf } from "../../stored-json.ts";

const DEFAULT_LOCATION = "us-central1";

interface ImportOptions {
  /** Region, or `global`; `us-central1` when absent. */
  readonly location?: string | undefined;
  /** Goes into the name of the file and before the names of models. */
  readonly prefix?: string | undefined;
}

/** A stored account out of a service account's key file. @throws AccountError `refused` with what is wrong with it */
function vertexAccount(text: string, { location, prefix }: ImportOptions): NewAccount {
  const given = parseObject(text);
  if (given === undefined) throw new AccountError("refused", "invalid json");
  const projectId = textOf(given.project_id);
  if (projectId === undefined) throw new AccountError("refused", "project_id missing");
  const privateKey = normalisedKey(textOf(given.private_key) ?? "");
  if (privateKey === undefined) throw new AccountError("refused", "invalid service account: it has no private key");
  const email = textOf(given.client_email) ?? "";
  const word = textOf(prefix);
  return {
    file: safeName(word === undefined ? `vertex-${projectId}.json` : `vertex-${word}-${projectId}.json`),
    content: {
      service_account: { ...given, private_key: privateKey },
      project_id: projectId,
      email,
      location: textOf(location) ?? DEFAULT_LOCATION,
      type: "vertex",
      label: email === "" ? projectId : `${projectId} (${email})`,
      ...(word !== undefined && { prefix: word }),
    },
  };
}

function safeName(name: string): string {
  return name.replace(/[/\\:]/g, "_").replaceAll(" ", "-");
}

export const keyFileLogin: SecretLogin = {
  type: "secret",
  asks: "Key file of a Google Cloud service account (JSON)",
  isFile: true,
  exchange: (secret, { options }) => Promise.resolve().then(() => vertexAccount(secret, options)),
};
