import { loadConfig } from "../config/load-config.ts";
import { runningAddresses } from "../host/running-marker.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where the gateway of this machine is, or would be: the one that runs here, else as its configuration says. */
export function findGateway({ data, project, environment }: Surroundings, configPath?: string): string {
  const [running] = configPath === undefined ? runningAddresses(data) : [];
  if (running !== undefined) return running;
  const result = loadConfig({ named: configPath, directory: project, home: data, environment });
  if (!result.ok) return "http://127.0.0.1:8317";
  const { host, port, tls } = result.loaded.config;
  const name = host === "" || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `${tls.enable ? "https" : "http"}://${name}:${port}`;
}

export function isThisMachine(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
