import { existsSync } from "node:fs";
import { findingText, reportOn, VERSION, type Gateway } from "@dragoman/gateway";
import { dataDirectory } from "../../host/data-directory.ts";
import { openOffline } from "../../host/open-offline.ts";
import { CONFIG_OPTION, configPathOf, JSON_OPTION, type Command } from "../command.ts";
import { columns, dim, green, print, red, yellow } from "../terminal.ts";

type Verdict = "ok" | "warn" | "fail";

interface Finding {
  readonly verdict: Verdict;
  readonly subject: string;
  readonly detail: string;
}

export const doctorCommand: Command = {
  name: "doctor",
  summary: "Look for what is wrong with this installation and its configuration",
  options: {
    config: CONFIG_OPTION,
    json: JSON_OPTION,
  },
  examples: [["dragoman doctor", "check runtime, configuration, port and every upstream"]],
  async run({ options }) {
    const findings = await examine(configPathOf(options));
    if (options.json === true) print(JSON.stringify(findings, null, 2));
    else print(columns(findings.map(({ verdict, subject, detail }) => [SIGN[verdict], subject, dim(detail)])));
    return findings.some(({ verdict }) => verdict === "fail") ? 1 : 0;
  },
};

const SIGN: Readonly<Record<Verdict, string>> = { ok: green("ok"), warn: yellow("!!"), fail: red("no") };

async function examine(configPath: string | undefined): Promise<readonly Finding[]> {
  const { gateway, loaded, found } = await openOffline({ ...(configPath !== undefined && { configPath }), ask: true });
  const { config } = loaded;
  const models = gateway.engine.switchboard.listModels();
  const connections = Number(process.env.BUN_CONFIG_MAX_HTTP_REQUESTS ?? 256);
  return [
    { verdict: "ok", subject: "version", detail: `dragoman ${VERSION}, Bun ${Bun.version}` },
    { verdict: connections >= 1024 ? "ok" : "warn", subject: "connections", detail: `${connections} open upstream requests at most${connections >= 1024 ? "" : "; start through the dragoman launcher"}` },
    { verdict: "ok", subject: "configuration", detail: loaded.path ?? "none; the defaults hold" },
    ...loaded.notes.map((note): Finding => ({ verdict: "warn", subject: note.path, detail: findingText(note) })),
    { verdict: "ok", subject: "data directory", detail: `${dataDirectory()}${existsSync(dataDirectory()) ? "" : " (made at the first start)"}` },
    keysFinding(config["api-keys"].length, config.host),
    await portFinding(config.port),
    ...found.map(({ name, baseUrl, variable }): Finding => ({ verdict: "ok", subject: `found ${name}`, detail: variable ?? baseUrl ?? "" })),
    ...accountFindings(gateway, loaded.config["auth-dir"]),
    models.length > 0 ? { verdict: "ok", subject: "models", detail: String(models.length) } : { verdict: "fail", subject: "models", detail: "none: set a provider key or write a configuration" },
  ];
}

/** Every stored login that is not in use, with what to do; the others in one line. */
function accountFindings({ accounts: pool, engine }: Gateway, directory: string): readonly Finding[] {
  if (pool === undefined) return [];
  const reports = [...pool.accounts()].map((account) => reportOn(account, { pool, directory, cooldowns: (id) => engine.switchboard.roster.cooldowns(id) }));
  const ready = reports.filter(({ state }) => state === "ready" || state === "cooling").length;
  const troubled = reports.filter(({ message, advice }) => message !== undefined || advice !== undefined);
  return [
    ...(reports.length > 0 ? [{ verdict: "ok" as const, subject: "accounts", detail: `${ready} of ${reports.length} ready, in ${directory}` }] : []),
    ...troubled.map(({ label, kind, state, message, advice }): Finding => ({
      verdict: state === "disabled" || state === "not-allowed" || state === "ready" ? "warn" : "fail",
      subject: `${kind} ${label}`,
      detail: [`${state}: ${message ?? ""}`, advice].filter((text) => text !== undefined).join(". "),
    })),
    ...[...pool.unread].map(([file, reason]): Finding => ({ verdict: "warn", subject: file, detail: `not used: ${reason}` })),
  ];
}

function keysFinding(keys: number, host: string): Finding {
  if (keys > 0) return { verdict: "ok", subject: "client keys", detail: String(keys) };
  const open = host !== "127.0.0.1" && host !== "localhost" && host !== "::1";
  return { verdict: open ? "fail" : "ok", subject: "client keys", detail: open ? `none, and ${host === "" ? "every interface" : host} is reachable by others: set api-keys` : "none; only this machine can connect" };
}

async function portFinding(port: number): Promise<Finding> {
  try {
    const server = Bun.serve({ port, hostname: "127.0.0.1", fetch: () => new Response() });
    await server.stop(true);
    return { verdict: "ok", subject: `port ${port}`, detail: "free" };
  } catch {
    const health = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(500) }).catch(() => undefined);
    return health?.ok === true ? { verdict: "ok", subject: `port ${port}`, detail: "a gateway is running there" } : { verdict: "fail", subject: `port ${port}`, detail: "taken by another program" };
  }
}
