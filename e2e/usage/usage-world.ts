import type { Script } from "@dragoman/gateway/testing";
import type { AttemptRecord } from "@dragoman/gateway";
import { startOffice, type OfficeOptions, type RunningOffice } from "../kit/office.ts";
import { startUpstreams, worldConfig, type Upstream } from "../kit/world.ts";

/** A gateway with ledger and office before four simulated providers. */
export interface UsageWorld extends RunningOffice {
  readonly upstreams: ReadonlyMap<string, Upstream>;
}

/** Sections of a configuration as lines of YAML, of which JSON is a part. */
export function yamlOf(sections: Record<string, unknown>): string {
  return Object.entries(sections).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join("");
}

export async function startUsageWorld(script: Script, more: Record<string, unknown> = {}, options: OfficeOptions = {}): Promise<UsageWorld> {
  const upstreams = startUpstreams(script);
  const office = await startOffice({ ...options, more: yamlOf({ ...worldConfig(upstreams), ...more }) });
  return {
    ...office,
    upstreams,
    async close() {
      await office.close();
      for (const upstream of upstreams.values()) await upstream.close();
    },
  };
}

/** An attempt that says nothing special. */
export function attempt(over: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    requestId: "req_1", attempt: 1, startedAt: Date.parse("2026-11-20T10:15:00Z"), durationMs: 900, firstEventMs: 120, principal: "anonymous", endpoint: "POST /v1/chat/completions",
    clientDialect: "openai-chat", upstreamDialect: "anthropic-messages", provider: "claude", credential: "claude …0001", credentialIndex: "00112233445566aa",
    modelAsked: "sonnet", modelUpstream: "claude-sonnet-4-5", streamed: true, passthrough: false, outcome: "succeeded", status: 200, losses: [],
    ...over,
  };
}

/** RFC 4180, as a spreadsheet reads it. @throws when a line is broken */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, next] = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    row.push(cell);
    if (text[next] === ",") at = next + 1;
    else if (text.startsWith("\r\n", next)) {
      rows.push(row);
      row = [];
      at = next + 2;
    } else throw new Error(`no end of a cell at ${next}`);
  }
  return rows;
}

function quotedCell(text: string, from: number): [cell: string, next: number] {
  let cell = "";
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') cell += text[++at];
    else return [cell, at + 1];
  }
  throw new Error("a quote is not closed");
}

function plainCell(text: string, from: number): [cell: string, next: number] {
  const end = /,|\r\n/g;
  end.lastIndex = from;
  const found = end.exec(text);
  if (found === null) throw new Error("the last line is not ended");
  return [text.slice(from, found.index), found.index];
}
