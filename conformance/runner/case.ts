import type { Capabilities, ClientTraits, Json, TranslationPolicy } from "@dragoman/core";

/** What crosses: a request from a client, or an upstream's reply, stream or error; a loop is a reply and the request that follows it. */
export type Direction = "request" | "response" | "stream" | "error" | "loop";

/** `case.json`: what the files of a case have to do with each other. */
export interface CaseSheet {
  readonly title: string;
  /** Numbers of the catalogue. */
  readonly numbers: readonly number[];
  /** Where the situation was seen or is documented. */
  readonly source: string;
  readonly direction: Direction;
  /** Dialects of those who wrote: clients of requests and loops, upstreams of everything else. */
  readonly from: readonly string[];
  /** Dialects of those who read. */
  readonly to: readonly string[];
  /** Of the upstream's model; what an upstream dialect can do by default is in `worlds.ts`. */
  readonly capabilities?: Capabilities;
  readonly policy?: Partial<TranslationPolicy>;
  readonly client?: ClientTraits;
  readonly upstreamModel?: string;
  /** Codes of the losses that must be reported, and no others; by the reader's dialect when they differ. Absent: not looked at. */
  readonly losses?: readonly string[] | { readonly [dialect: string]: readonly string[] };
  /** The request must be refused with this. */
  readonly refused?: { readonly code: string; readonly path?: string };
  /** Path and query of the client's request, where the default of the dialect will not do. */
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
  /** What the upstream request must say outside its body. */
  readonly head?: { readonly path?: string; readonly query?: { readonly [name: string]: string }; readonly headers?: { readonly [name: string]: string } };
  /** Refusals of the strict provider that the situation brings with it, as pieces of their texts. */
  readonly tolerated?: readonly string[];
  /** Of a loop: the call memory of the first turn is gone in the second. */
  readonly forgets?: boolean;
  /** Of a loop: the dialect of another upstream, to which the second request goes. */
  readonly then?: string;
  /** The stream must end as an error: no client grammar counts it as whole. */
  readonly fails?: boolean;
}

/** A case with all of its files; plain data, so that it can be carried into any runtime. */
export interface Case {
  readonly id: string;
  readonly sheet: CaseSheet;
  /** Text of the files, by their path below the case's folder. */
  readonly files: { readonly [path: string]: string };
}

/** What came of one case for one pair of dialects. */
export interface Outcome {
  readonly caseId: string;
  readonly client: string;
  readonly upstream: string;
  readonly streamed: boolean;
  /** Empty: it passed. */
  readonly problems: readonly string[];
}

export function readJson(source: Case, path: string): Json | undefined {
  const text = source.files[path];
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}
