/** What a reader learns from an answer, whatever SDK it read it with. */
export interface Facts {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[];
  readonly finish: "end" | "length" | "tools" | "refusal" | "other";
  readonly usage: { readonly input: number; readonly cached: number; readonly output: number; readonly reasoning: number };
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly schema: Record<string, unknown>;
}

/** What a conversation is about, in words of no dialect. */
export interface Setting {
  readonly model: string;
  readonly system?: string;
  readonly tools?: readonly ToolSpec[];
  readonly forceTool?: boolean;
  /** Ask for thoughts to be shown. */
  readonly think?: boolean;
  readonly maxTokens?: number;
  /** Structured output. */
  readonly schema?: Record<string, unknown>;
  readonly stop?: readonly string[];
}

/** A conversation held with one official SDK; the history is kept in the SDK's own objects, so that everything opaque travels. */
export interface Session {
  user(text: string, image?: { readonly mimeType: string; readonly base64: string }): void;
  toolResult(callId: string, name: string, text: string): void;
  /** Sends what there is and remembers the answer. Throws what the SDK throws. */
  ask(options?: { readonly stream?: boolean; readonly signal?: AbortSignal }): Promise<Facts>;
}

export interface Client {
  readonly name: string;
  /** Dialect id that it speaks. */
  readonly dialect: string;
  /** `origin` is the server's address without a path, e.g. `http://127.0.0.1:8317`. */
  open(origin: string, apiKey: string, setting: Setting): Session;
}
