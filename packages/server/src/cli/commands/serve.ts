import { CONFIG_OPTION, UsageError, type Command, type CommandInput } from "../command.ts";
import { openProgram } from "../../host/open-program.ts";
import { runUntilStopped } from "../run-until-stopped.ts";

export const serveCommand: Command = {
  name: "serve",
  summary: "Run the gateway",
  options: {
    config: CONFIG_OPTION,
    host: { type: "string", value: "ADDRESS", help: "address to listen on; default 127.0.0.1" },
    port: { type: "string", short: "p", value: "N", help: "port to listen on; default 8317" },
    json: { type: "boolean", help: "log JSON lines, also on a terminal" },
    password: { type: "string", hidden: true, help: "a management key for callers on this machine, given by the program that starts this one" },
  },
  examples: [
    ["dragoman serve", "start with what is found: keys in the environment, servers on this machine"],
    ["dragoman serve --config team.yaml --port 9000", "start with a configuration, on another port"],
    ["OPENAI_API_KEY=sk-... dragoman serve", "offer OpenAI's models in every dialect"],
  ],
  async run(input) {
    return runUntilStopped(await openProgram({ ...serverOptions(input), demo: false }));
  },
};

/** The options that `serve` and `demo` share. */
export function serverOptions({ options }: CommandInput): { configPath?: string; host?: string; port?: number; json: boolean; localKey?: string } {
  const port = options.port === undefined ? undefined : Number(options.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) throw new UsageError(`--port takes a number from 0 to 65535, not "${String(options.port)}".`);
  return {
    json: options.json === true,
    ...(typeof options.config === "string" && { configPath: options.config }),
    ...(typeof options.host === "string" && { host: options.host }),
    ...(port !== undefined && { port }),
    ...(typeof options.password === "string" && { localKey: options.password }),
  };
}
