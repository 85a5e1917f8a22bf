import type { CacheMark, JsonObject, Part } from "../../canonical/index.ts";
import type { ArrangedConversation } from "../../conversation/index.ts";
import type { Exchange } from "../../exchange.ts";

/** Anthropic and OpenAI both take four marks in a request. */
const MOST_MARKS = 4;

const NONE: JsonObject = {};

/** Writes cache marks as far as the upstream takes them: the last four, in the upstream's spelling. */
export class CacheMarks {
  readonly #exchange: Exchange;
  #toSkip: number;

  constructor(conversation: ArrangedConversation, exchange: Exchange) {
    this.#exchange = exchange;
    const parts = [...conversation.system, ...conversation.turns.flatMap((turn) => turn.parts)];
    const paths = markedPaths(parts, isMarkable);
    this.#toSkip = Math.max(0, paths.length - MOST_MARKS);
    const dropped = this.#canMark ? paths.slice(0, this.#toSkip) : paths;
    for (const path of dropped) this.#reportDropped(path, this.#canMark ? "at most four are allowed" : "the upstream caches by itself");
    for (const path of markedPaths(parts, (part) => !isMarkable(part))) this.#reportDropped(path, "only content parts are marked here");
  }

  #reportDropped(path: string, detail: string): void {
    this.#exchange.report({ code: "cache-mark", path, action: "dropped", detail });
  }

  get #canMark(): boolean {
    return this.#exchange.capabilities.cacheControlParts === true || this.#exchange.capabilities.promptCacheBreakpoints === true;
  }

  /** The members that a part with this mark gets; to be asked for each part, in order. */
  members(mark: CacheMark | undefined): JsonObject {
    if (mark === undefined || !this.#canMark) return NONE;
    if (this.#toSkip > 0) {
      this.#toSkip -= 1;
      return NONE;
    }
    if (this.#exchange.capabilities.cacheControlParts !== true) return { prompt_cache_breakpoint: { mode: "explicit" } };
    return { cache_control: { type: "ephemeral", ...(mark.ttl !== undefined && { ttl: mark.ttl }) } };
  }
}

/** Whether the part becomes a content part of the wire, which is what takes marks; calls and reasoning are members of their own. */
function isMarkable(part: Part): boolean {
  return part.kind !== "tool-call" && part.kind !== "reasoning" && (part.kind !== "tool-result" || part.content.some(({ kind }) => kind === "text"));
}

/** Of marked parts, those that `counts` wants, in the order in which they are written. A result's mark goes to the last text in it. */
function markedPaths(parts: readonly Part[], counts: (part: Part) => boolean): string[] {
  return parts.flatMap((part) => {
    const within = part.kind === "tool-result" ? part.content : [];
    const isCarried = part.kind === "tool-result" && within.findLast(({ kind }) => kind === "text")?.cache !== undefined;
    return [...markedPaths(within, counts), ...(part.cache === undefined || isCarried || !counts(part) ? [] : [part.path ?? "messages"])];
  });
}
