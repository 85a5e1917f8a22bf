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
    const paths = [...markedPaths(conversation.system), ...conversation.turns.flatMap(({ parts }) => markedPaths(parts))];
    this.#toSkip = Math.max(0, paths.length - MOST_MARKS);
    const dropped = this.#canMark ? paths.slice(0, this.#toSkip) : paths;
    for (const path of dropped) exchange.report({ code: "cache-mark", path, action: "dropped", detail: this.#canMark ? "at most four are allowed" : "the upstream caches by itself" });
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

function markedPaths(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => [
    ...(part.kind === "tool-result" ? markedPaths(part.content) : []),
    ...(part.cache === undefined ? [] : [part.path ?? "messages"]),
  ]);
}
