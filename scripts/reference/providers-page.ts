import { PROVIDERS, type Provider } from "@dragoman/core";

const HEAD = `# Providers

<!-- Generated from packages/core/src/providers by scripts/generate-reference.ts. Change it there. -->

A provider is a description: address, dialects, how its key goes on the wire, what its models can do, what its errors mean. An
entry of the configuration is recognised as one of these by the host in its \`base-url\`; any other address is taken as a
compatible server that speaks the dialect of its section. A provider's variable, when it is set, is enough to offer its models.
Of several variables the first that is set counts.

| Provider | Address | Dialects, the preferred one first | Variables | Built-in models |
|---|---|---|---|---|
`;

const FOOT = `
An upstream whose entry names no models is asked for its own list at the start. The built-in models are offered until it answers,
and when it does not. Servers marked *this machine* are looked for at the start and need no key.
`;

/** `docs/reference/providers.md`: a row for each provider. The demo's is no address that anybody could use. */
export function providersPage(): string {
  return `${HEAD}${PROVIDERS.filter(isReachable).map(row).join("\n")}\n${FOOT}`;
}

function isReachable({ baseUrl }: Provider): boolean {
  return baseUrl === "" || baseUrl.startsWith("http");
}

function row(provider: Provider): string {
  const { id, name, baseUrl, dialects, keyVariables = [], local, catalogue = [] } = provider;
  const spoken = Object.entries(dialects).map(([dialect, { basePath }]) => `\`${dialect}\`${basePath === undefined ? "" : ` at \`${basePath}\``}`);
  const address = baseUrl === "" ? "as configured" : `\`${baseUrl}\`${local === true ? " (this machine)" : ""}`;
  return `| ${name} (\`${id}\`) | ${address} | ${spoken.join(", ")} | ${keyVariables.map((each) => `\`${each}\``).join(", ")} | ${catalogue.length === 0 ? "" : catalogue.length} |`;
}
