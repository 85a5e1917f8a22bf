import type { ClientRecipe } from "../management/contract/house.ts";
import { chatPages } from "./chat-pages.ts";
import type { Client } from "./client.ts";
import { codingTools } from "./coding-tools.ts";
import { editors } from "./editors.ts";
import type { Setting } from "./recipe.ts";
import { sdks } from "./sdks.ts";
import { stepsOf } from "./steps.ts";

export type * from "./client.ts";
export { FIRST_CALLS, type FirstCall } from "./first-calls.ts";
export { shell, type Setting } from "./recipe.ts";
export { renderFile, tomlKey, tomlTable } from "./render.ts";
export { stepsOf } from "./steps.ts";
export { isItem, valueAt, withPut } from "./tree.ts";

/** Every client that is known, the most asked for first. */
export const CLIENTS: readonly Client[] = [...codingTools, ...editors, ...chatPages, ...sdks];

/** Words that stand where nothing was given. */
export const KEY_PLACEHOLDER = "KEY";
export const MODEL_PLACEHOLDER = "MODEL";

export function fillIn(setting: Setting): ClientRecipe[] {
  return CLIENTS.map((client) => {
    const { id, name, homepage, dialect } = client;
    return { id, name, ...(homepage !== undefined && { homepage }), dialect, steps: stepsOf(client, setting) };
  });
}
