import { join } from "node:path";
import type { ServiceFile, ServicePlan } from "./service-plan.ts";

const LABEL = "dev.dragoman.gateway";

/** @param home of the person, for an agent of theirs; `undefined`: a daemon of the machine */
export function launchdService(plan: ServicePlan, home: string | undefined, userId: number): ServiceFile {
  const domain = home === undefined ? "system" : `gui/${userId}`;
  const path = home === undefined ? join("/Library/LaunchDaemons", `${LABEL}.plist`) : join(home, "Library/LaunchAgents", `${LABEL}.plist`);
  return {
    path,
    text: launchdPlist(plan),
    start: [["launchctl", "bootstrap", domain, path]],
    stop: [["launchctl", "bootout", `${domain}/${LABEL}`]],
    removed: [],
    status: ["launchctl", "print", `${domain}/${LABEL}`],
    logs: ["tail", "-n", "100", join(plan.directory, "service.log")],
    hints: home === undefined ? [] : ["It runs while you are logged in. For a machine that nobody logs in to: sudo dragoman service install --system"],
  };
}

/** The property list. Whoever may read the log file may read what the gateway says: `Umask` keeps it to its owner. */
export function launchdPlist({ command, directory, user, environment }: ServicePlan): string {
  const log = join(directory, "service.log");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    "<dict>",
    `  <key>Label</key><string>${LABEL}</string>`,
    "  <key>ProgramArguments</key>",
    "  <array>",
    ...command.map((word) => `    <string>${xml(word)}</string>`),
    "  </array>",
    `  <key>WorkingDirectory</key><string>${xml(directory)}</string>`,
    "  <key>EnvironmentVariables</key>",
    "  <dict>",
    ...Object.entries(environment).map(([name, value]) => `    <key>${xml(name)}</key><string>${xml(value)}</string>`),
    "  </dict>",
    ...(user === undefined ? [] : [`  <key>UserName</key><string>${xml(user)}</string>`]),
    "  <key>RunAtLoad</key><true/>",
    "  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>",
    "  <key>ExitTimeOut</key><integer>20</integer>",
    // 077 in octal; a property list knows decimals only.
    "  <key>Umask</key><integer>63</integer>",
    `  <key>StandardOutPath</key><string>${xml(log)}</string>`,
    `  <key>StandardErrorPath</key><string>${xml(log)}</string>`,
    "</dict>",
    "</plist>",
    "",
  ].join("\n");
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
