import { dataDirectory } from "../../host/data-directory.ts";
import { askHealth, ownAddress } from "../../host/ask-health.ts";
import { loadConfigWithSecrets } from "../../host/stored-secrets.ts";
import { CONFIG_OPTION, configPathOf, UsageError, type Command } from "../command.ts";
import { complain, print } from "../terminal.ts";

export const healthCommand: Command = {
  name: "health",
  summary: "Ask a running gateway whether it is well; the exit code says it",
  options: {
    config: CONFIG_OPTION,
    url: { type: "string", value: "URL", help: "its address; default: where the configuration and the variables say" },
    ready: { type: "boolean", help: "also ask whether it can serve requests: store, upstreams" },
  },
  examples: [
    ["dragoman health", "exit code 0 when the gateway of this machine answers, else 1"],
    ["dragoman health --ready", "0 when it can serve requests too"],
    ["dragoman health --url http://127.0.0.1:9000", "one that was started with --port 9000"],
  ],
  async run({ options }) {
    const address = typeof options.url === "string" ? addressOf(options.url) : await configuredAddress(configPathOf(options));
    const verdict = await askHealth(address, options.ready === true ? "ready" : "live");
    if (verdict.well) print(verdict.text);
    else complain(verdict.text);
    return verdict.well ? 0 : 1;
  },
};

function addressOf(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") throw new UsageError("--url takes an address such as http://127.0.0.1:8317.");
  return url.href.replace(/\/+$/, "");
}

async function configuredAddress(named: string | undefined): Promise<string> {
  const result = await loadConfigWithSecrets({ named, directory: process.cwd(), home: dataDirectory(), environment: process.env });
  if (!result.ok) throw new UsageError('the configuration cannot be read, so where the gateway listens is not known: see "dragoman config check", or say --url.');
  return ownAddress(result.loaded.config);
}
