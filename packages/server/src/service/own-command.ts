const SETTING = "BUN_CONFIG_MAX_HTTP_REQUESTS";

export interface OwnCommand {
  readonly command: readonly string[];
  /** What the launcher would set. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How this very program is started again, without the launcher and so without Node. */
export function ownCommand(): OwnCommand {
  const isExecutable = Bun.main.startsWith("/$bunfs/") || Bun.main.startsWith("B:/~BUN/");
  const command = isExecutable ? [process.execPath] : [process.execPath, ...process.execArgv, Bun.main];
  return { command, environment: { [SETTING]: process.env[SETTING] ?? "65535" } };
}
