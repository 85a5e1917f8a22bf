// What a stream decoder knows of the items that are being told.
import type { Json, JsonObject } from "../../canonical/index.ts";
import type { MendArguments } from "./forced-nulls.ts";
import type { WireEvent } from "./wire.ts";

/** One content part of a message item. */
export interface ContentState {
  readonly key: number;
  readonly kind: "text" | "refusal";
  open: boolean;
  text: string;
  annotations: number;
  logprobs: boolean;
}

export interface ItemState {
  /** As announced, or as far as deltas let guess it. */
  head: JsonObject;
  /** Of the part, for items that are one part. */
  readonly key: number;
  readonly contents: ContentState[];
  readonly summaries: string[];
  /** Arguments, custom input or raw reasoning so far. */
  text: string;
  shows: "summary" | "raw" | undefined;
  /** Arguments that must be mended are held back until they are whole. */
  mend: MendArguments | undefined;
  open: boolean;
  done: boolean;
}

/** Finds the item an event speaks of: servers name it by id, by index or by call id, and some change ids on the way. */
export class StreamItems {
  readonly all: ItemState[] = [];
  readonly #byIndex = new Map<number, ItemState>();
  readonly #byId = new Map<string, ItemState>();
  #nextKey = 0;

  add(head: JsonObject, index: number | undefined): ItemState {
    const state: ItemState = { head, key: this.#nextKey++, contents: [], summaries: [], text: "", shows: undefined, mend: undefined, open: false, done: false };
    this.all.push(state);
    if (typeof head.id === "string") this.#byId.set(head.id, state);
    if (index !== undefined) this.#byIndex.set(index, state);
    return state;
  }

  /** One that nobody announced is guessed from the event. */
  of(event: WireEvent, type: string, item: JsonObject | undefined): ItemState {
    const id = event.item_id ?? (typeof item?.id === "string" ? item.id : undefined);
    const known = (id === undefined ? undefined : this.#byId.get(id))
      ?? (event.output_index === undefined ? undefined : this.#byIndex.get(event.output_index))
      ?? this.#byCallId(event.call_id ?? item?.call_id);
    if (known !== undefined) return known;
    const last = this.all.at(-1);
    if (id === undefined && event.output_index === undefined && last !== undefined && !last.done && (last.head.type === type || item === undefined)) return last;
    return this.add(item ?? { type, ...(id !== undefined && { id }) }, event.output_index);
  }

  /** The item of a terminal object, which stands at its index. */
  leftover(item: JsonObject, index: number): ItemState {
    const byId = typeof item.id === "string" ? this.#byId.get(item.id) : undefined;
    if (byId !== undefined) return byId;
    const byIndex = this.#byIndex.get(index);
    return byIndex !== undefined && byIndex.head.type === item.type ? byIndex : this.add(item, undefined);
  }

  contentAt(state: ItemState, index: number, kind: ContentState["kind"]): ContentState {
    let content = state.contents[index];
    if (content === undefined) {
      content = { key: this.#nextKey++, kind, open: false, text: "", annotations: 0, logprobs: false };
      state.contents[index] = content;
    }
    return content;
  }

  #byCallId(callId: Json | undefined): ItemState | undefined {
    return typeof callId === "string" && callId !== "" ? this.all.find((state) => state.head.call_id === callId) : undefined;
  }
}
