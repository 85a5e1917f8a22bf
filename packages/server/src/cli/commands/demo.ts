import type { Command } from "../command.ts";
import { openProgram } from "../../host/open-program.ts";
import { runUntilStopped } from "../run-until-stopped.ts";
import { serveCommand, serverOptions } from "./serve.ts";

export const demoCommand: Command = {
  name: "demo",
  summary: "Run the gateway with built-in demo models that need no key",
  options: serveCommand.options,
  examples: [
    ["dragoman demo", "start, and try the four dialects with the commands that it prints"],
    ["dragoman demo --port 9000", "the same on another port"],
  ],
  async run(input) {
    return runUntilStopped(await openProgram({ ...serverOptions(input), demo: true }));
  },
};
