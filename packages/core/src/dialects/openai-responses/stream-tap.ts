import { isJsonObject, type Json, type JsonObject, type Usage } from "../../canonical/index.ts";
import type { GatewayError } from "../../errors/index.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamTap } from "../dialect.ts";
import { decodeEventError } from "./decode-error.ts";
import { decodeUsage } from "./usage.ts";

/** In JSON a quote inside a text is escaped, so that these words with bare quotes are never part of what is said. */
const ENDS = ['"response.completed"', '"response.incomplete"', '"response.failed"', '"response.done"', '"response.cancelled"'];
const HANDSHAKES = ['"response.created"', '"response.in_progress"', '"response.queued"', '"codex.'];
const DELTA = '.delta"';
/** Where a delta's type stands, if it is the first member. */
const TYPE_WITHIN = 72;
const ERROR = '"error"';

export interface ResponseFacts {
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
  readonly finishReason: string | undefined;
}

/** What accounting wants to know of a response object. */
export function tapResponse(response: JsonObject): ResponseFacts {
  const details = isJsonObject(response.incomplete_details) ? response.incomplete_details : undefined;
  const native = details?.reason ?? response.status;
  return {
    usage: decodeUsage(response.usage),
    model: typeof response.model === "string" ? response.model : undefined,
    finishReason: typeof native === "string" ? native : undefined,
  };
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

class ResponsesStreamTap implements StreamTap {
  begun = false;
  ended = false;
  error: GatewayError | undefined;
  #facts: ResponseFacts = { usage: undefined, model: undefined, finishReason: undefined };

  get complete(): boolean {
    return this.ended;
  }

  get usage(): Usage | undefined {
    return this.#facts.usage;
  }

  get model(): string | undefined {
    return this.#facts.model;
  }

  get finishReason(): string | undefined {
    return this.#facts.finishReason;
  }

  push(frame: Frame): void {
    const { data } = frame;
    if (this.ended || data === "") return;
    if (frame.event.endsWith(".delta") || data.slice(0, TYPE_WITHIN).includes(DELTA)) this.begun = true;
    else if (ENDS.some((word) => data.includes(word))) this.#end(data);
    else if (data.includes(ERROR) && !data.includes('"response"')) this.#fault(data);
    else if (!this.begun) this.begun = !HANDSHAKES.some((word) => data.includes(word));
  }

  #end(data: string): void {
    const event = parse(data);
    if (event === undefined || typeof event.type !== "string" || !ENDS.includes(`"${event.type}"`)) return;
    this.ended = true;
    if (isJsonObject(event.response)) {
      this.#facts = tapResponse(event.response);
      if (event.type === "response.failed" || isJsonObject(event.response.error)) this.error = decodeEventError(event.response.error);
    }
    // What failed before it said anything has not begun: somebody else may be asked.
    if (this.error === undefined) this.begun = true;
  }

  #fault(data: string): void {
    const event = parse(data);
    if (event === undefined) return;
    const wrapped: Json | undefined = event.error;
    if (event.type !== "error" && (event.type !== undefined || !isJsonObject(wrapped))) {
      this.begun = true;
      return;
    }
    this.error = decodeEventError(isJsonObject(wrapped) ? wrapped : event);
    this.ended = true;
  }
}

export function createStreamTap(): StreamTap {
  return new ResponsesStreamTap();
}
