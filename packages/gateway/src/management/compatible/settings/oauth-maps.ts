import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { z } from "zod";
import { defineDesk, OfficeError, type Desk } from "../../office.ts";
import { anyObject, changeConfig, OK, resourceOperation } from "./resource.ts";

/** A map from providers of stored logins to lists. */
interface LoginMap {
  readonly key: string;
  /** The word for a key of the map; `provider` is understood as well. */
  readonly channel: "provider" | "channel";
  /** What the body of a PATCH calls the list. */
  readonly list: "models" | "aliases" | "rules";
}

const MAPS: readonly LoginMap[] = [
  { key: "oauth-excluded-models", channel: "provider", list: "models" },
  { key: "oauth-model-alias", channel: "channel", list: "aliases" },
  { key: "oauth-request-scoped-errors", channel: "channel", list: "rules" },
];

const map = z.record(z.string(), z.array(z.json())) as unknown as z.ZodType<Readonly<Record<string, readonly Json[]>>>;
const putBody = z.union([z.strictObject({ items: map }).transform(({ items }) => items), map]) as unknown as typeof map;
const name = z.string().nullish();
const query = z.looseObject({ provider: z.string().optional(), channel: z.string().optional() }) as unknown as z.ZodType<{ provider?: string; channel?: string }>;

const normal = (channel: string | null | undefined): string => channel?.trim().toLowerCase() ?? "";

/** Without entries for which nothing is said. */
function tidy(value: Readonly<Record<string, readonly Json[]>>): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([channel, list]) => [normal(channel), [...list]] as const).filter(([channel, list]) => channel !== "" && list.length > 0));
}

function desksOf({ key, channel, list }: LoginMap): readonly Desk[] {
  const text = { path: `/${key}`, noun: key };
  const nameOf = (given: { readonly provider?: string | null | undefined; readonly channel?: string | null | undefined }): string => normal(given.channel ?? given.provider);
  const body = z.object({ provider: name, channel: name, [list]: z.array(z.json()).nullish() }) as unknown as z.ZodType<{ provider?: string | null; channel?: string | null } & Record<typeof list, Json[] | null | undefined>>;
  const set = (from: JsonObject, at: string, values: readonly Json[]): JsonObject => {
    if (values.length > 0) return { ...from, [at]: [...values] };
    if (!Object.hasOwn(from, at)) throw new OfficeError(404, `${channel} not found`);
    return Object.fromEntries(Object.entries(from).filter(([other]) => other !== at));
  };
  const read = (tree: { readonly [key: string]: Json }): JsonObject => {
    const value = tree[key];
    return isJsonObject(value) ? value : {};
  };
  return [
    defineDesk(resourceOperation(text, "GET", { reply: z.strictObject({ [key]: anyObject }) as z.ZodType<Record<string, JsonObject>> }), ({ office }) => ({ [key]: read(office.ports.config.expandedTree()) })),
    defineDesk(resourceOperation(text, "PUT", { body: putBody }), ({ body, office, note }) => {
      note(key);
      return changeConfig(office, (tree) => ({ ...tree, [key]: tidy(body) }));
    }),
    defineDesk(resourceOperation(text, "PATCH", { body, failures: { 404: `there is no such ${channel}` } }), async ({ body, office, note }) => {
      const at = nameOf(body);
      if (at === "") throw new OfficeError(400, `invalid ${channel}`);
      note(`${key}.${at}`);
      await changeConfig(office, (tree, expanded) => ({ ...tree, [key]: set(read(expanded), at, body[list] ?? []) }));
      return OK;
    }),
    defineDesk(resourceOperation(text, "DELETE", { query, failures: { 400: `the ${channel} is missing`, 404: `there is no such ${channel}` } }), ({ query, office, note }) => {
      const at = nameOf(query);
      if (at === "") throw new OfficeError(400, `missing ${channel}`);
      note(`${key}.${at}`);
      return changeConfig(office, (tree, expanded) => ({ ...tree, [key]: set(read(expanded), at, []) }));
    }),
  ];
}

export const loginMapDesks: readonly Desk[] = MAPS.flatMap(desksOf);
