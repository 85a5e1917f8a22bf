import { spawnSync } from "node:child_process";
import type { Client } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { findCommand } from "./find-command.ts";
import { agrees, type ConnectTools } from "./tools.ts";

/** Installs a client's program when it is missing and somebody wants that; else says how. */
export async function offerInstall({ name, npm, start }: Client, { wanted, tools }: { readonly wanted: boolean; readonly tools: ConnectTools }): Promise<void> {
  if (npm === undefined || start?.command === undefined || findCommand(start.command, tools.around) !== undefined) return;
  const line = `npm install --global ${npm}`;
  if (!wanted && !(await agrees(tools.person, `${name} is not installed here. Run "${line}"?`))) return tools.say(`${name} is not installed here: ${line}`);
  const program = findCommand("npm", tools.around);
  if (program === undefined) throw new UsageError(`npm was not found, and so "${line}" cannot be run.`);
  const { status } = spawnSync(program, ["install", "--global", npm], { stdio: ["ignore", "inherit", "inherit"], env: tools.around.environment, shell: tools.around.platform === "win32" });
  if (status !== 0) throw new UsageError(`"${line}" failed; see above. Nothing was connected.`);
}
