import { createSimulator, SIMULATED, type Script, type Simulator } from "@dragoman/gateway/testing";
import { startOffice, type RunningOffice } from "../kit/office.ts";
import { listen, type Listening } from "../kit/running.ts";

export const BACKEND_KEY = "sk-backend-secret-0001";

/** A strict backend that speaks Chat Completions, on a port of its own. */
export interface Backend extends Listening {
  readonly simulator: Simulator;
}

export function startBackend(script: Script, keys: readonly string[] = [BACKEND_KEY]): Backend {
  const chat = SIMULATED.find(({ dialect }) => dialect.id === "openai-chat");
  if (chat === undefined) throw new Error("there is no such simulator");
  const simulator = createSimulator(chat.dialect, chat.vendor, script, { keys });
  return { ...listen((request) => simulator.fetch(request)), simulator };
}

/** A gateway in the surroundings that another one had. A failure pauses nothing: tests fail one after another. */
export function startMoved(environment: Readonly<Record<string, string>>): Promise<RunningOffice> {
  return startOffice({ config: "disable-cooling: true\n", environment });
}
