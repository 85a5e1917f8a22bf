import { describe, expect, test } from "bun:test";
import { parseConfig } from "../config/index.ts";
import { factoryProxy } from "./factory-proxy.ts";

const EXAMPLE = { FACTORY_API_KEYS: "fk-your-api-key-1;fk-your-api-key-2", PROXY_ACCESS_KEYS: "your-proxy-key-1,your-proxy-key-2", PROXY_KEY_HEADER: "X-Proxy-Key" };

function parsed(environment: Record<string, string>, file: Record<string, unknown> = {}): Extract<ReturnType<typeof parseConfig>, { ok: true }> {
  const result = parseConfig(file, environment);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

describe("the variables of the Factory proxy", () => {
  test("its example says who comes in, on which port, and whose keys are used", () => {
    const { config, notes } = parsed(EXAMPLE);
    expect(config).toMatchObject({
      port: 8001, "api-keys": ["your-proxy-key-1", "your-proxy-key-2"], "client-key-header": "X-Proxy-Key",
      accounts: { subscriptions: ["factory"], kinds: { factory: { options: { "client-credentials": "first", "unlisted-models": true } } } },
    });
    expect(notes.filter(({ path }) => path === "FACTORY_API_KEYS")).toHaveLength(2);
    expect(JSON.stringify(notes)).not.toMatch(/fk-your|your-proxy-key/);
  });

  test("a file of ours keeps its port and its keys", () => {
    const { config } = parsed(EXAMPLE, { port: 9000, "api-keys": ["mine"] });
    expect([config.port, config["api-keys"]]).toEqual([9000, ["mine", "your-proxy-key-1", "your-proxy-key-2"]]);
  });

  test("a single key is a reference, so that nothing that is written down holds it; two are not", () => {
    const ofSingle = factoryProxy.ofEnvironment?.({ PROXY_ACCESS_KEYS: "only-one", PROXY_KEY_HEADER: "X-Proxy-Key" }, {});
    expect(ofSingle?.config).toEqual({ "api-keys": ["${PROXY_ACCESS_KEYS}"], "client-key-header": "${PROXY_KEY_HEADER}" });
    expect(parsed({ PROXY_ACCESS_KEYS: "a${b}c;d" }).config["api-keys"]).toEqual(["a${b}c", "d"]);
  });

  test("blank ones say nothing", () => {
    expect(factoryProxy.ofEnvironment?.({ FACTORY_API_KEYS: " ", PROXY_ACCESS_KEYS: "", PROXY_KEY_HEADER: "X-Proxy-Key" }, {})).toBeUndefined();
    expect(parsed({ ...EXAMPLE, PROXY_ACCESS_KEYS: "" }).config["api-keys"]).toEqual([]);
  });
});
