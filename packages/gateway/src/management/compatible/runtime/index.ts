import type { Desk } from "../../office.ts";
import { apiCallDesks } from "./api-call.ts";
import { authFileChangeDesks } from "./auth-file-changes.ts";
import { authFileEditDesks } from "./auth-file-edits.ts";
import { authFileDesks } from "./auth-files.ts";
import { credentialRuntimeDesks } from "./credential-runtime.ts";
import { latestVersionDesks } from "./latest-version.ts";
import { loginCallbackDesks } from "./login-callback.ts";
import { loginDesks } from "./logins.ts";
import { logDesks } from "./logs.ts";
import { modelDefinitionDesks } from "./model-definitions.ts";
import { requestLogDesks } from "./request-logs.ts";
import { vertexImportDesks } from "./vertex-import.ts";

/** What CLIProxyAPI's interface says about the program as it runs. */
export const runtimeDesks: readonly Desk[] = [
  ...authFileDesks, ...authFileChangeDesks, ...authFileEditDesks, ...vertexImportDesks, ...loginDesks, ...loginCallbackDesks, ...apiCallDesks,
  ...credentialRuntimeDesks, ...modelDefinitionDesks, ...latestVersionDesks, ...logDesks, ...requestLogDesks,
];
