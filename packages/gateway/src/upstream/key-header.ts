import type { Provider } from "@dragoman/core";

/** The header that shows a key to a provider, in one of its dialects. */
export function keyHeader({ dialects, auth: usual }: Provider, dialect: string, apiKey: string): Record<string, string> {
  const { header, scheme } = dialects[dialect]?.auth ?? usual;
  return { [header]: scheme === undefined ? apiKey : `${scheme} ${apiKey}` };
}
