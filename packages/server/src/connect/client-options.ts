import { CLIENTS } from "@dragoman/gateway";
import { CONFIG_OPTION, configPathOf, type Command, type CommandInput } from "../cli/command.ts";
import type { SettingWish } from "./choose-setting.ts";

/** Every job for which some client takes a model of its own. */
const ROLES: readonly string[] = [...new Set(CLIENTS.flatMap(({ roles = {} }) => Object.keys(roles)))];

/** What `connect` and `run` take alike: where to go, with which key, for which models. */
export function clientOptions(): Command["options"] {
  return {
    url: { type: "string", value: "URL", help: "address of the gateway; default: the one of this machine" },
    key: { type: "string", value: "KEY", help: "key of the gateway; better in the variable DRAGOMAN_API_KEY; default: what the client has, or a new one" },
    model: { type: "string", short: "m", value: "MODEL", help: "model to begin with" },
    ...Object.fromEntries(ROLES.map((role) => [`${role}-model`, { type: "string" as const, value: "MODEL", help: helpOf(role) }])),
    upstream: { type: "string", value: "URL", help: "a provider that the gateway asks because the address names it (dynamic-routes); the key is then that provider's" },
    "gateway-key": { type: "string", value: "KEY", help: "with --upstream: the gateway's own key, where it wants one; better in the variable DRAGOMAN_GATEWAY_KEY" },
    config: CONFIG_OPTION,
  };
}

export function settingWish(options: CommandInput["options"], environment: Readonly<Record<string, string | undefined>> = process.env): SettingWish {
  const roles = Object.fromEntries(ROLES.flatMap((role) => {
    const model = options[`${role}-model`];
    return typeof model === "string" ? [[role, model]] : [];
  }));
  const key = typeof options.key === "string" ? options.key : environment.DRAGOMAN_API_KEY;
  const configPath = configPathOf(options);
  const gatewayKey = typeof options["gateway-key"] === "string" ? options["gateway-key"] : environment.DRAGOMAN_GATEWAY_KEY;
  return {
    ...(typeof options.url === "string" && { url: options.url }),
    ...(typeof options.upstream === "string" && { upstream: options.upstream, ...(gatewayKey !== undefined && gatewayKey !== "" && { gatewayKey }) }),
    ...(key !== undefined && key !== "" && { key }),
    ...(typeof options.model === "string" && { model: options.model }),
    ...(Object.keys(roles).length > 0 && { roles }),
    ...(configPath !== undefined && { configPath }),
  };
}

function helpOf(role: string): string {
  return `model for ${CLIENTS.flatMap(({ name, roles }) => (roles?.[role] === undefined ? [] : [`${roles[role]} (${name})`])).join("; ")}`;
}
