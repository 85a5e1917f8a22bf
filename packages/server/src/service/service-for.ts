import { UsageError } from "../cli/command.ts";
import { launchdService } from "./launchd.ts";
import type { ServiceFile, ServicePlan } from "./service-plan.ts";
import { systemdService } from "./systemd.ts";

export interface ServiceMachine {
  readonly platform: NodeJS.Platform;
  /** Of the person who installs it. */
  readonly home: string;
  readonly userId: number;
}

/** The service as this system wants it. @throws UsageError where there is none, with what to do instead */
export function serviceFor(plan: ServicePlan, ofMachine: boolean, { platform, home, userId }: ServiceMachine): ServiceFile {
  const owner = ofMachine ? undefined : home;
  switch (platform) {
    case "linux":
      return systemdService(plan, owner);
    case "darwin":
      return launchdService(plan, owner, userId);
    case "win32":
      throw new UsageError(`a service is not made on Windows. Let the Task Scheduler start it when you log in: schtasks /Create /TN Dragoman /SC ONLOGON /TR "${windowsCommand(plan.command)}"`);
    default:
      throw new UsageError(`a service is not made on ${platform}: let its own means start ${plan.command.join(" ")}`);
  }
}

/** As `schtasks` wants it within its own quotes. */
function windowsCommand(command: readonly string[]): string {
  return command.map((word) => (/[\s"]/.test(word) ? `\\"${word}\\"` : word)).join(" ");
}
