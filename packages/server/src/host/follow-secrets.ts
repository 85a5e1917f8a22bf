import { describeChanges, SECRET_PREFIX } from "@dragoman/gateway";
import { problemText } from "../config/config-file.ts";
import { loadFile } from "../config/load-config.ts";
import type { Program } from "./program.ts";
import { readSecrets } from "./stored-secrets.ts";

/** Secrets change seldom, and by commands that run beside the server. */
const LOOK_MS = 5_000;

/** Keeps the stored secrets at hand for the configuration, and reads it again when they change. @returns ends it */
export function followSecrets(program: Program): () => void {
  let seen: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    const { store, secretKey } = program.gateway.engine.ports;
    if (store === undefined || secretKey === undefined) return;
    try {
      const list = JSON.stringify(await store.secrets.list());
      if (list !== (seen ?? "[]")) replaceSecrets(program, (await readSecrets(store, secretKey)).values);
      seen = list;
    } catch {
      // The database is away for the moment; the secrets that are known stay.
    }
    timer = setTimeout(() => void look(), LOOK_MS);
    timer.unref();
  };
  void look();
  return () => clearTimeout(timer);
}

function replaceSecrets({ keeper, logger }: Program, values: Readonly<Record<string, string>>): void {
  const { path, environment } = keeper.running();
  // The environment of the running configuration is the one that everybody reads references with.
  const shared = environment as Record<string, string | undefined>;
  for (const name of Object.keys(shared)) if (name.startsWith(SECRET_PREFIX)) delete shared[name];
  Object.assign(shared, values);
  if (path === undefined) return;
  const result = loadFile(path, environment);
  if (!result.ok) {
    logger.log("error", "config.refused", { path, problems: result.problems.map((problem) => problemText(problem, path)) });
    return;
  }
  const changes = describeChanges(keeper.running().config, result.loaded.config);
  if (changes.length === 0) return;
  keeper.adopt(result.loaded);
  void keeper.hashSecret();
  logger.log("info", "config.reloaded", { changes: changes.map(({ path: where, summary }) => `${where}: ${summary}`) });
}
