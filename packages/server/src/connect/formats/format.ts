import type { JsonObject } from "@dragoman/core";
import type { Put } from "@dragoman/gateway";

/** A way in which settings are written down. */
export interface Format {
  /** What the text says; nothing at all is an empty object. @throws Unreadable with the line */
  read(text: string): JsonObject;
  /**
   * The text with values put or taken away, and everything else as it was.
   * `wanted` is what the result must say.
   */
  edit(text: string, edit: { readonly puts: readonly Put[]; readonly wanted: JsonObject; readonly newline: "\n" | "\r\n" }): string;
}

