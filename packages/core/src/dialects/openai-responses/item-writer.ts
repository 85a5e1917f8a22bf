import type { Delta, JsonObject, Part } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { ItemStatus } from "./wire.ts";

/** Where an item writer puts things. */
export interface OutputScope {
  readonly exchange: Exchange;
  readonly frames: FrameWriter;
  /** Announces an item and gives it the next index. */
  add(item: JsonObject): number;
  /** Tells the finished item and keeps it for the terminal object. */
  done(item: JsonObject, index: number): void;
}

/** One output item while it is being written. Items are serial. */
export interface OutputItemWriter {
  /** Whether the part goes on in this item. */
  takes(part: Part): boolean;
  start(part: Part): void;
  delta(delta: Delta): void;
  /** The part is whole. */
  end(part: Part): void;
  /** The item is whole, or broken off. */
  close(status: ItemStatus): void;
  /** The item of a call that broke off with the stream: it must not look like one to be executed. */
  readonly unsaid?: () => JsonObject | undefined;
}

/** Keeps a vendor's id when it has the right prefix; others would be refused when they come back (seen in the field). */
export function itemId(id: string | undefined, prefix: string, exchange: Exchange): string {
  return id !== undefined && id.startsWith(prefix) ? id : exchange.newId(prefix);
}
