import { dirname, resolve } from "node:path";
import { homedir } from "node:os";
import { accountFiles } from "../../host/account-files.ts";
import { dataDirectory } from "../../host/data-directory.ts";
import { loadConfigWithSecrets } from "../../host/stored-secrets.ts";
import { install, runShowing, uninstall } from "../../service/install.ts";
import { ownCommand } from "../../service/own-command.ts";
import { serviceFor } from "../../service/service-for.ts";
import type { ServicePlan } from "../../service/service-plan.ts";
import { CONFIG_OPTION, configPathOf, UsageError, type Command, type CommandInput } from "../command.ts";

const ACTIONS = ["install", "status", "logs", "uninstall"];
/** Of a service of the machine, unless DRAGOMAN_HOME says otherwise. */
const MACHINE_DIRECTORY = "/var/lib/dragoman";

export const serviceCommand: Command = {
  name: "service",
  summary: "Let the system run the gateway: from log-in or boot on, restarted when it fails",
  words: "install|status|logs|uninstall",
  options: {
    config: CONFIG_OPTION,
    system: { type: "boolean", help: "a service of the machine, from boot on; needs root" },
    user: { type: "string", value: "NAME", help: "with --system: the account that it runs under; default: who called sudo" },
    print: { type: "boolean", help: "only show the service's file" },
    "dry-run": { type: "boolean", help: "do nothing; show the file and the commands" },
    yes: { type: "boolean", help: "do not ask" },
  },
  examples: [
    ["dragoman service install", "systemd on Linux, launchd on macOS: a service of yours"],
    ["dragoman service install --print", "show its file, write nothing"],
    ["sudo dragoman service install --system --config /etc/dragoman.yaml", "a service of the machine"],
    ["dragoman service logs", "the last hundred lines"],
    ["dragoman service uninstall", "stop it and remove its file; the data stays"],
  ],
  async run(input) {
    const { options, words: [action = "status"] } = input;
    if (!ACTIONS.includes(action)) throw new UsageError(`service has no "${action}"; it has ${ACTIONS.join(", ")}.`);
    const ofMachine = options.system === true;
    const plan = await planFor(input, ofMachine);
    const service = serviceFor(plan, ofMachine, { platform: process.platform, home: homedir(), userId: process.getuid?.() ?? 0 });
    if (action === "status") return runShowing(service.status);
    if (action === "logs") return runShowing(service.logs);
    const wish = { yes: options.yes === true, dryRun: options["dry-run"] === true, print: options.print === true };
    if (ofMachine && !wish.dryRun && !wish.print && process.getuid?.() !== 0) throw new UsageError("a service of the machine needs root: run it with sudo, or leave --system away.");
    return action === "install" ? install(service, plan, wish) : uninstall(service, wish);
  },
};

async function planFor({ options }: CommandInput, ofMachine: boolean): Promise<ServicePlan> {
  const { command, environment } = ownCommand();
  const directory = resolve(ofMachine ? (process.env.DRAGOMAN_HOME ?? MACHINE_DIRECTORY) : dataDirectory());
  const { path, logins } = await configured(configPathOf(options));
  const user = ofMachine ? accountFor(options.user) : undefined;
  return {
    command: [...command, "serve", ...(path === undefined ? [] : ["--config", path])],
    directory,
    // The configuration is written by the web interface, logins when they are renewed.
    writable: [...new Set([...(path === undefined ? [] : [dirname(path)]), ...(ofMachine ? [] : logins)])].filter((place) => place !== directory),
    environment: { ...environment, DRAGOMAN_HOME: directory },
    ...(user !== undefined && { user }),
  };
}

/** The service works elsewhere than where it was installed, so it is told which file that was. */
async function configured(named: string | undefined): Promise<{ readonly path?: string; readonly logins: readonly string[] }> {
  const result = await loadConfigWithSecrets({ named, directory: process.cwd(), home: dataDirectory(), environment: process.env });
  if (!result.ok) throw new UsageError('the configuration cannot be used: see "dragoman config check".');
  const { path, config } = result.loaded;
  return { ...(path !== undefined && { path: resolve(path) }), logins: [accountFiles(() => config["auth-dir"]).directory] };
}

/** It would be root's service otherwise, and it needs no right of root's. */
function accountFor(named: unknown): string {
  const name = typeof named === "string" ? named : process.env.SUDO_USER;
  if (name === undefined || name === "root") throw new UsageError("which account shall it run under? Say --user NAME; not root, it needs no right of root's.");
  return name;
}
