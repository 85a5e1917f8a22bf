import type { DecodeContext, Dialect, Loss, ReasoningRequest, SealMemory, WireInput } from "@dragoman/core";
import type { Guard, Pass } from "../access/guard.ts";
import type { Principal, Visitor } from "../access/principal.ts";
import type { OwnKey } from "../credentials/credential-account.ts";
import type { Capture } from "../observe/call-observer.ts";
import type { Decision } from "../observe/decision.ts";
import type { GatheredObservers } from "../observe/gather-observers.ts";
import type { LiveEntry } from "../observe/live/live-entry.ts";
import type { GatheredHooks } from "../hooks/gather-hooks.ts";
import type { Routes } from "../http/own-routes.ts";
import type { Ports } from "../ports.ts";
import type { Recollection } from "../responses/recall.ts";
import type { TranscriptStore } from "../responses/transcript-store.ts";
import type { Switchboard } from "../routing/switchboard.ts";
import type { GatewaySettings } from "../settings.ts";

/** The parts of the engine that outlive a request. */
export interface Engine {
  readonly ports: Ports;
  /** Paths and dialects. */
  readonly routes: Routes;
  readonly switchboard: Switchboard;
  readonly sealKeys: readonly Uint8Array[];
  readonly sealMemory: SealMemory;
  readonly transcripts: TranscriptStore;
  readonly guard: Guard;
  /** See `GatewayOptions`. */
  readonly keylessRefusal?: string;
  readonly observers: GatheredObservers;
  /** The embedder's; absent: there are none. */
  readonly hooks?: GatheredHooks;
}

/** One client request on its way through the house. The settings are those of its beginning, whatever is reloaded meanwhile. */
export interface Call {
  readonly engine: Engine;
  readonly settings: GatewaySettings;
  readonly requestId: string;
  readonly method: string;
  readonly principal: Principal;
  readonly visitor: Visitor;
  /** Method and route, without the variable part. */
  readonly endpoint: string;
  /** The client's. */
  readonly dialect: Dialect;
  readonly input: WireInput;
  /** The body as it came, for bytes that pass unchanged. */
  readonly bodyText: string;
  /** Without the operator's own header for client keys. */
  readonly headers: Headers;
  /** See `OwnKey`; looked for when it is asked for. */
  ownKey(): OwnKey | undefined;
  /** Fires when the client leaves. */
  readonly signal: AbortSignal;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly context: DecodeContext;
  /** Losses of decoding; each attempt adds its own. */
  readonly losses: Loss[];
  /** The client asked to be told the losses. */
  readonly wantsLosses: boolean;
  /** Filled in as the request goes; one log line tells it all. */
  readonly story: CallStory;
  /** The path before the client's own, where it names the upstream. */
  readonly mount?: string;
  /** A digest of the conversation is asked for, not an answer. */
  readonly compacts?: true;
  /** A hook made another request of it: what the client sent is not what is asked. */
  readonly rewritten?: true;
  /** Set when the body named earlier replies and now says them. */
  readonly recollection?: Recollection;
}

export interface CallStory {
  attempts: number;
  failures: string[];
  /** When the first bytes of the answer were ready, ms after the start. */
  firstEventMs?: number;
  provider?: string;
  credential?: string;
  upstreamDialect?: string;
  modelAsked?: string;
  modelUpstream?: string;
  passthrough?: boolean;
  /** The client wants a stream. */
  streamed?: boolean;
  /** Of the last that was asked. */
  upstreamUrl?: string;
  maxOutputTokens?: number;
  /** How the upstream was told to think. */
  reasoning?: ReasoningRequest;
  /** Messages of the conversation that was sent. */
  messages?: number;
  /** What the sender may use for this request; absent: as much as he likes. */
  pass?: Pass;
  /** Those who want to see every byte of it. */
  captures?: readonly Capture[];
  /** What routing decided, in order; somebody who watches put the list there. */
  decisions?: Decision[];
  /** What the live view keeps of it. */
  live?: LiveEntry;
  /** Its place among those under way, in the live view. */
  place?: number | undefined;
  /** W3C trace context for the upstream, where the operator wants it passed on. */
  traceparent?: string;
  /** Epoch ms; set when its log line is written. */
  endedAt?: number;
}
