import type { Client, Setting } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { nearest } from "../cli/nearest.ts";
import type { ConnectTools } from "./tools.ts";

export interface ModelWish {
  readonly model?: string;
  /** By role of the client. */
  readonly roles?: Readonly<Record<string, string>>;
  /** `false`: the client takes its model from elsewhere. */
  readonly needsModel?: boolean;
}

type Chosen = Pick<Setting, "model" | "roles">;

/** More than these are not listed when somebody is asked. */
const SHOWN_MODELS = 30;

/** @throws UsageError when there are several, and nobody to ask */
export async function chooseModels(client: Client, wish: ModelWish, { models, tools, last }: { readonly models: readonly string[]; readonly tools: ConnectTools; readonly last?: Chosen }): Promise<Chosen> {
  const unknown = Object.keys(wish.roles ?? {}).find((role) => client.roles?.[role] === undefined);
  if (unknown !== undefined) throw new UsageError(`${client.name} has no other model for "${unknown}"; it has ${Object.keys(client.roles ?? {}).join(", ") || "none"}.`);
  if (wish.needsModel === false) return { model: wish.model ?? "" };
  const model = wish.model ?? (await askedModel(models, tools, last?.model)) ?? onlyModel(models, last?.model);
  const roles = { ...last?.roles, ...wish.roles };
  return { model, ...(Object.keys(roles).length > 0 && { roles }) };
}

function onlyModel(models: readonly string[], last: string | undefined): string {
  if (last !== undefined && (models.length === 0 || models.includes(last))) return last;
  const [only, ...others] = models;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(only === undefined ? "which model? Say --model." : `which model? Say --model with one of ${listed(models)}.`);
}

function listed(models: readonly string[]): string {
  const more = models.length - SHOWN_MODELS;
  return models.slice(0, SHOWN_MODELS).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

async function askedModel(models: readonly string[], { person, say }: ConnectTools, last: string | undefined): Promise<string | undefined> {
  if (!person.isPerson || models.length === 1) return undefined;
  models.slice(0, SHOWN_MODELS).forEach((model, at) => say(`${String(at + 1).padStart(4)}  ${model}`));
  if (models.length > SHOWN_MODELS) say(`      and ${models.length - SHOWN_MODELS} more`);
  for (;;) {
    const answer = await person.ask(`Which model (number or name)${last === undefined ? "" : ` [${last}]`}? `);
    if (answer === undefined) return undefined;
    const word = answer.trim();
    if (word === "" && last !== undefined) return last;
    const chosen = /^\d+$/.test(word) ? models[Number(word) - 1] : word === "" ? undefined : word;
    if (chosen !== undefined && (models.length === 0 || models.includes(chosen))) return chosen;
    const near = nearest(word, models);
    // A name may also be an alias, or carry a wish behind it, that no list shows.
    if (chosen !== undefined && near === undefined) return chosen;
    say(near === undefined ? "A number of the list, or a name." : `The gateway lists no ${word}; did you mean ${near}?`);
    if (chosen !== undefined && chosen.startsWith(`${near}(`)) return chosen;
  }
}
