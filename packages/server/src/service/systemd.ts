import { join } from "node:path";
import type { ServiceFile, ServicePlan } from "./service-plan.ts";

const NAME = "dragoman.service";

/** @param home of the person, for a service of theirs; `undefined`: a service of the machine */
export function systemdService(plan: ServicePlan, home: string | undefined): ServiceFile {
  const scope = home === undefined ? [] : ["--user"];
  const control = (...words: readonly string[]): readonly string[] => ["systemctl", ...scope, ...words];
  return {
    path: home === undefined ? join("/etc/systemd/system", NAME) : join(home, ".config/systemd/user", NAME),
    text: systemdUnit(plan, home === undefined),
    start: [control("daemon-reload"), control("enable", "--now", NAME)],
    stop: [control("disable", "--now", NAME)],
    removed: [control("daemon-reload")],
    status: control("--no-pager", "status", NAME),
    logs: ["journalctl", ...scope, "--unit", NAME, "--lines", "100", "--no-pager"],
    hints: home === undefined ? [] : ['It stops when you log out. To keep it: loginctl enable-linger "$USER"'],
  };
}

/**
 * The unit. A service of the machine is shut in as far as the program allows; in one of a person's, where systemd has fewer
 * means, the directives that need root are left out. `MemoryDenyWriteExecute` is not there: the runtime compiles as it goes.
 */
export function systemdUnit({ command, directory, writable, user, environment }: ServicePlan, ofMachine: boolean): string {
  return [
    "[Unit]",
    "Description=Dragoman, a gateway to language models",
    ...(ofMachine ? ["After=network-online.target", "Wants=network-online.target"] : []),
    "",
    "[Service]",
    "Type=exec",
    `ExecStart=${command.map(systemdWord).join(" ")}`,
    `WorkingDirectory=${systemdPath(directory)}`,
    ...Object.entries(environment).map(([name, value]) => `Environment=${systemdWord(`${name}=${value}`)}`),
    `EnvironmentFile=-${systemdPath(join(directory, "dragoman.env"))}`,
    ...(ofMachine && user !== undefined ? [`User=${user}`] : []),
    "UMask=0077",
    "Restart=on-failure",
    "RestartSec=2",
    "TimeoutStopSec=20",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    `ReadWritePaths=${[directory, ...writable.map((path) => `-${path}`)].map(systemdWord).join(" ")}`,
    "PrivateTmp=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    ...(ofMachine ? HARDENING_OF_MACHINE : []),
    "",
    "[Install]",
    `WantedBy=${ofMachine ? "multi-user.target" : "default.target"}`,
    "",
  ].join("\n");
}

/** These need root's own systemd. */
const HARDENING_OF_MACHINE: readonly string[] = [
  "CapabilityBoundingSet=",
  "PrivateDevices=yes",
  "ProtectClock=yes",
  "ProtectControlGroups=yes",
  "ProtectHostname=yes",
  "ProtectKernelLogs=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelTunables=yes",
  "RestrictNamespaces=yes",
];

/** One word of a command line or list: `%` and `$` mean something to systemd, blanks and quotes too. */
function systemdWord(word: string): string {
  const literal = word.replaceAll("%", "%%");
  return /^[\w@%+=:,./-]+$/.test(literal) ? literal : `"${literal.replaceAll(/[\\"]/g, "\\$&").replaceAll("$", "$$$$")}"`;
}

/** A setting that is one path: blanks are its own, nothing is quoted. */
function systemdPath(path: string): string {
  return path.replaceAll("%", "%%");
}
