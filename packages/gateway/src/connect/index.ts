import type { ClientRecipe } from "../management/contract/house.ts";
import { chatPages } from "./chat-pages.ts";
import { codingTools } from "./coding-tools.ts";
import { editors } from "./editors.ts";
import type { Recipe, Setting } from "./recipe.ts";
import { sdks } from "./sdks.ts";

/** How clients are told to come here, the most asked for first. */
export const RECIPES: readonly Recipe[] = [...codingTools, ...editors, ...chatPages, ...sdks];

/** Words that stand where nothing was given. */
export const KEY_PLACEHOLDER = "KEY";
export const MODEL_PLACEHOLDER = "MODEL";

export function fillIn(setting: Setting): ClientRecipe[] {
  return RECIPES.map(({ steps, ...recipe }) => ({ ...recipe, steps: steps(setting) }));
}
