import type { GenerateRequest, Loss, ReasoningPart, Seal } from "./canonical/index.ts";
import type { Capabilities, ClientTraits, TranslationPolicy } from "./capabilities.ts";
import type { CallIds, ToolNames } from "./naming/index.ts";

/**
 * Opens and closes the envelopes in which foreign sealed reasoning travels through a client, and remembers what the
 * client cannot carry. Made once per deployment and bound to one tenant (client key), so that nobody opens another's.
 */
export interface Sealer {
  /** A seal as text for the client's own opaque field: bare when the client's dialect is the seal's vendor, else an envelope. */
  close(seal: Seal, clientVendor: string): string;
  /**
   * Reads what a client sent back. A bare value belongs to the vendor that recognises it, else to `clientVendor`.
   * `undefined`: an envelope that was altered, expired or made for another tenant.
   */
  open(value: string, clientVendor: string, form: Seal["form"]): Seal | undefined;
  /** Whether the text is one of our envelopes, good or bad. */
  isEnvelope(value: string): boolean;
  /** Keeps the seals of an answer under the id of the call they led to. */
  remember(callId: string, memory: CallMemory): void;
  recall(callId: string): CallMemory | undefined;
}

/** What goes with a tool call that a client may not bring back. */
export interface CallMemory {
  /** Seals in order: of the reasoning before the call, and of the call itself. */
  readonly seals: readonly Seal[];
  /** Reasoning text before the call, for upstreams that want it replayed. */
  readonly reasoningText?: string;
  /** The reasoning part by part, when there was more than one: then text and seals alone do not tell which fits which. */
  readonly reasoning?: readonly ReasoningPart[];
  /** The call's id at the vendor, when ours differs. */
  readonly vendorCallId?: string;
  /** The tool's name, for results that lost it. */
  readonly name?: string;
}

/** What decoding a request needs from outside: no clock and no chance inside the core. */
export interface DecodeContext {
  readonly sealer: Sealer;
  readonly client: ClientTraits;
  /** A fresh id with the prefix, e.g. `call_` → `call_8f3k…` (24 letters and digits). */
  newId(prefix: string): string;
  report(loss: Loss): void;
}

/** One attempt: what both interpreters, towards the upstream and back to the client, know together. */
export interface Exchange extends DecodeContext {
  /** As the client sent it. */
  readonly request: GenerateRequest;
  /** The model's name at the upstream. */
  readonly upstreamModel: string;
  /** What `model` says in the reply to the client. */
  readonly replyModel: string;
  /** Dialect id of the upstream. */
  readonly upstreamDialect: string;
  /** Vendor word of the upstream's dialect: only its seals go there. */
  readonly upstreamVendor: string;
  readonly capabilities: Capabilities;
  readonly policy: TranslationPolicy;
  /** Tool names ↔ names legal at the upstream. */
  readonly names: ToolNames;
  /** Call ids ↔ ids legal at the upstream. */
  readonly callIds: CallIds;
  /** Epoch ms at the start of the attempt. */
  readonly now: number;
  /** Set by the encoder when stop sequences must be cut from the text here. */
  emulatedStops?: readonly string[];
}
