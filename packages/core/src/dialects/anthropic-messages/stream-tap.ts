import { isJsonObject, type JsonObject, type Usage } from "../../canonical/index.ts";
import type { GatewayError } from "../../errors/index.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamTap } from "../dialect.ts";
import { errorOfBody } from "./decode-error.ts";
import { text } from "./loose-values.ts";
import { decodeUsage, mergeWireUsage } from "./usage.ts";

/** The event's name where the stream names it, else a search of the data: only few frames are parsed. */
const NAME = /"type"\s*:\s*"(message_start|message_delta|message_stop|content_block_start|content_block_delta|error)"/;

export class AnthropicStreamTap implements StreamTap {
  begun = false;
  ended = false;
  error: GatewayError | undefined;
  model: string | undefined;
  finishReason: string | undefined;
  #usage: JsonObject | undefined;

  get complete(): boolean {
    return this.ended;
  }

  get usage(): Usage | undefined {
    return this.#usage === undefined ? undefined : decodeUsage(this.#usage);
  }

  push(frame: Frame): void {
    switch (frame.event === "" ? NAME.exec(frame.data)?.[1] : frame.event) {
      case "content_block_delta":
      case "content_block_start":
        this.begun = true;
        return;
      case "message_start":
        return this.#start(parse(frame.data));
      case "message_delta":
        this.begun = true;
        return this.#finish(parse(frame.data));
      case "message_stop":
        this.begun = true;
        this.ended = true;
        return;
      case "error":
        this.error = errorOfBody(parse(frame.data));
    }
  }

  /** In the words of an answer these may stand as well: then the frames are looked at, to no harm. */
  skips(text: string): boolean {
    return this.begun && !text.includes("message_") && !text.includes("error");
  }

  #start(body: JsonObject): void {
    const message = isJsonObject(body.message) ? body.message : {};
    this.model ??= text(message.model);
    this.finishReason ??= text(message.stop_reason);
    this.#addUsage(message);
  }

  #finish(body: JsonObject): void {
    const delta = isJsonObject(body.delta) ? body.delta : {};
    this.finishReason = text(delta.stop_reason) ?? this.finishReason;
    this.#addUsage(body);
  }

  #addUsage(holder: JsonObject): void {
    if (isJsonObject(holder.usage)) this.#usage = mergeWireUsage(this.#usage, holder.usage);
  }
}

function parse(data: string): JsonObject {
  try {
    const body: unknown = JSON.parse(data);
    return isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}
