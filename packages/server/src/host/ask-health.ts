import type { Config } from "@dragoman/gateway";

/** A gateway that takes longer to answer is not well, ms. */
const PATIENCE_MS = 5_000;

export interface HealthVerdict {
  readonly well: boolean;
  /** One line for a log. */
  readonly text: string;
}

/** Where a program with this configuration is reached from its own machine. */
export function ownAddress({ host, port, tls }: Pick<Config, "host" | "port" | "tls">): string {
  const everywhere: Readonly<Record<string, string>> = { "": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]" };
  const name = everywhere[host] ?? (host.includes(":") ? `[${host}]` : host);
  return `${tls.enable ? "https" : "http"}://${name}:${port}`;
}

/** Asks once. Never throws: who does not answer is not well. */
export async function askHealth(address: string, question: "live" | "ready"): Promise<HealthVerdict> {
  try {
    const answer = await fetch(`${address}/health/${question}`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
      // The certificate bears the name that clients use, not this address. Nothing secret is sent.
      tls: { rejectUnauthorized: false },
    });
    const { status } = (await answer.json().catch(() => ({}))) as { readonly status?: unknown };
    return { well: answer.ok, text: `${address} answers ${answer.status}${typeof status === "string" ? `, ${status}` : ""}` };
  } catch (error) {
    return { well: false, text: `${address} does not answer: ${(error as Error).message}` };
  }
}
