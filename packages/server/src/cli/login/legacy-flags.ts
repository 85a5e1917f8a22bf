/** Logins of CLIProxyAPI, which are options of the program itself, and what `login` calls them. */
const LOGINS: Readonly<Record<string, readonly string[]>> = {
  "--login": ["gemini-cli"],
  "--claude-login": ["claude"],
  "--codex-login": ["codex"],
  "--codex-device-login": ["codex", "--device"],
  "--qwen-login": ["qwen"],
  "--iflow-login": ["iflow"],
  "--iflow-cookie": ["iflow", "--secret"],
  "--antigravity-login": ["antigravity"],
  "--kimi-login": ["kimi"],
  "--xai-login": ["xai"],
};

/** Options that take a value, and what goes before it. */
const WITH_VALUE: Readonly<Record<string, (value: string) => readonly string[]>> = {
  "--vertex-import": (file) => ["vertex", "--file", file],
  "--vertex-import-prefix": (prefix) => ["--set", `prefix=${prefix}`],
  "--project_id": (id) => ["--project", id],
};

/** `--claude-login --no-browser` as the arguments of `login`; `undefined` when no login is asked for. */
export function legacyLogin(argv: readonly string[]): readonly string[] | undefined {
  if (!argv.some((argument) => argument in LOGINS || nameOf(argument) === "--vertex-import")) return undefined;
  const translated: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? "";
    const withValue = WITH_VALUE[nameOf(argument)];
    if (withValue === undefined) translated.push(...(LOGINS[argument] ?? [argument]));
    else translated.push(...withValue(argument.includes("=") ? argument.slice(argument.indexOf("=") + 1) : argv[(at += 1)] ?? ""));
  }
  return translated;
}

const nameOf = (argument: string): string => argument.split("=", 1)[0] ?? "";
