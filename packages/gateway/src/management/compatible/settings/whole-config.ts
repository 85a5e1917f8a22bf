import type { Json, JsonObject } from "@dragoman/core";
import { z } from "zod";
import { redactConfig } from "../../../config/index.ts";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { ConfigRefused, defineDesk, OfficeError, type Desk, type Office } from "../../office.ts";
import { ENTRY_KINDS } from "./entry-kinds.ts";
import { shownEntries } from "./entry-tree.ts";
import { anyObject } from "./resource.ts";
import { keptScalars } from "./scalars.ts";
import { apiKeys, generativeLanguageKeys } from "./string-lists.ts";

const common = { tag: "Configuration (CLIProxyAPI)", auth: "management" as const };
const YAML = "application/yaml; charset=utf-8";

/** Where it listens, where it keeps logins and who manages it is not for this interface. */
const LEFT_OUT: ReadonlySet<string> = new Set(["port", "host", "auth-dir", "remote-management"]);

export const wholeConfigOperations = {
  getConfig: defineOperation({ ...common, id: "getConfig", method: "GET", path: `${BASE}/config`, summary: "The configuration in force; keys of clients and upstreams are not hidden", reply: anyObject }),
  getConfigFile: defineOperation({ ...common, id: "getConfigFile", method: "GET", path: `${BASE}/config.yaml`, summary: "The configuration file, byte for byte", replyType: "application/yaml", failures: { 404: "there is no file" } }),
  putConfigFile: defineOperation({
    ...common, id: "putConfigFile", method: "PUT", path: `${BASE}/config.yaml`, summary: "Puts a whole file in the place of the configuration file", bodyType: "application/yaml", body: z.string(),
    reply: z.strictObject({ ok: z.literal(true), changed: z.array(z.string()) }), audit: "config.replaced", failures: { 400: "it is not YAML", 422: "it is not a valid configuration" },
  }),
};

export const wholeConfigDesks: readonly Desk[] = [
  defineDesk(wholeConfigOperations.getConfig, ({ office }) => shownConfig(office)),
  defineDesk(wholeConfigOperations.getConfigFile, ({ office }) => {
    const text = textOf(office);
    if (text === undefined) throw new OfficeError(404, { error: "not_found", message: "config file not found" });
    return new Response(text, { headers: { "content-type": YAML, "cache-control": "no-store", "x-content-type-options": "nosniff" } });
  }),
  defineDesk(wholeConfigOperations.putConfigFile, async ({ body, office, note }) => {
    note("config.yaml", { bytes: body.length });
    if (body.trim() === "") throw new OfficeError(400, { error: "invalid_yaml", message: "the body is empty" });
    try {
      await office.ports.config.replace(body);
    } catch (error) {
      if (error instanceof ConfigRefused && error.kind === "write") throw new OfficeError(500, { error: "write_failed", message: error.message });
      throw error;
    }
    return { ok: true as const, changed: ["config"] };
  }),
];

function textOf(office: Office): string | undefined {
  try {
    return office.ports.config.text();
  } catch (error) {
    throw new OfficeError(500, { error: "read_failed", message: error instanceof Error ? error.message : String(error) });
  }
}

/** Everything that is in force. What clients of this interface write they also read whole; other secrets stay hidden. */
function shownConfig(office: Office): JsonObject {
  const { config } = office.ports.config.current();
  const tree = office.ports.config.expandedTree();
  const redacted = Object.entries(redactConfig(config)).filter(([key]) => !LEFT_OUT.has(key)) as [string, Json][];
  return {
    ...Object.fromEntries(redacted),
    ...keptScalars(office),
    "proxy-url": config["proxy-url"],
    "api-keys": [...apiKeys.read(tree)],
    "generative-language-api-key": [...generativeLanguageKeys.read(tree)],
    ...Object.fromEntries(ENTRY_KINDS.map((kind) => [kind.list, [...shownEntries(office, kind)]])),
  };
}
