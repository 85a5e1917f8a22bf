import { UsageError } from "../cli/command.ts";

/**
 * The address at a gateway that leads to one model of a provider: `GATEWAY/https/api.groq.com/openai/v1/MODEL`. See
 * docs/guides/dynamic-routes.md. Without a scheme https is meant.
 * @throws UsageError when the provider's address is none
 */
export function upstreamUrl(gateway: string, upstream: string, model: string): string {
  const [, scheme = "https", rest = ""] = /^(?:(https?):\/\/)?(.*)$/i.exec(upstream.trim()) ?? [];
  const given = `${scheme.toLowerCase()}://${rest}`;
  const url = rest !== "" && URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || url.username !== "" || url.search !== "" || url.hash !== "") throw new UsageError(`"${upstream}" is no address of a provider: it looks like https://api.groq.com/openai/v1.`);
  return `${gateway}/${url.protocol.slice(0, -1)}/${url.host}${url.pathname.replace(/\/+$/, "")}/${encodeURIComponent(model)}`;
}
