import type { JsonObject } from "@dragoman/core";
import type { Account } from "./account.ts";

/** Accounts that were over when the program ran last, as long as their files say the same. */
export interface EndsKept {
  of(file: string, content: JsonObject): Account["end"];
  /** Some account's end has come or gone. */
  changed(): void;
}
