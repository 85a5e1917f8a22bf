import type { Client, SettingsFile, Start } from "./client.ts";
import type { Setting } from "./recipe.ts";

const HOMEPAGE = "https://github.com/google-gemini/gemini-cli";
const NPM = "@google/gemini-cli";
const BEWARE = ["Gemini CLI reads its .env only in folders that it was told to trust, or with --skip-trust (0.61).", "A .env file in the working directory or above it is read in place of the one in ~/.gemini (0.61)."];
const HOME = "GEMINI_CLI_HOME";
/** geminicli.com/docs/cli/enterprise (read 2026-11) */
const OF_AN_ADMINISTRATOR = "/etc/gemini-cli/settings.json";

const byKey = ({ url, key }: Setting): Readonly<Record<string, string>> => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key });
const byLogin = ({ url, key }: Setting): Readonly<Record<string, string>> => ({ CODE_ASSIST_ENDPOINT: url, GOOGLE_GENAI_USE_GCA: "true", GOOGLE_CLOUD_ACCESS_TOKEN: key });

/**
 * geminicli.com/docs/reference/configuration (read 2026-11; tried with 0.61.0): it has variables for the address, no setting, and
 * reads them from its own `.env`. How it logs in and with which model it begins are settings.
 */
export const geminiCli: Client = {
  id: "gemini-cli", alsoCalled: ["gemini"], name: "Gemini CLI", homepage: HOMEPAGE, dialect: "gemini-generate-content", npm: NPM, beware: BEWARE,
  start: start(byKey, "gemini-api-key"),
  files: files(byKey, "GEMINI_API_KEY", "gemini-api-key"),
};

/** It speaks to Code Assist, and shows the gateway's key as its access token. */
export const geminiCliWithLogin: Client = {
  id: "gemini-cli-login", alsoCalled: ["gemini-login"], name: "Gemini CLI with login", homepage: HOMEPAGE, dialect: "gemini-code-assist", npm: NPM, beware: BEWARE,
  start: start(byLogin, "oauth-personal"),
  files: files(byLogin, "GOOGLE_CLOUD_ACCESS_TOKEN", "oauth-personal"),
};

type Variables = (setting: Setting) => Readonly<Record<string, string>>;

function start(variables: Variables, selectedType: string): Start {
  return {
    command: "gemini",
    environment: variables,
    arguments: ({ model }) => ["--model", model],
    // What its settings say of the login goes over the variables.
    scratch: { variable: "GEMINI_CLI_SYSTEM_SETTINGS_PATH", unless: OF_AN_ADMINISTRATOR, content: () => ({ security: { auth: { selectedType } } }) },
  };
}

function files(variables: Variables, key: string, selectedType: string): readonly SettingsFile[] {
  return [
    {
      title: "For good: where to go", format: "variables",
      place: { home: ".gemini/.env", directory: { variable: HOME, below: ".gemini/.env" }, project: ".gemini/.env" },
      puts: (setting) => Object.entries(variables(setting)).map(([name, value]) => ({ path: [name], value, ...(name === key && { isKey: true as const }) })),
    },
    {
      title: "How to log in, and the model", format: "json",
      place: { home: ".gemini/settings.json", directory: { variable: HOME, below: ".gemini/settings.json" }, project: ".gemini/settings.json" },
      puts: ({ model }) => [{ path: ["security", "auth", "selectedType"], value: selectedType }, { path: ["model", "name"], value: model }],
    },
  ];
}
