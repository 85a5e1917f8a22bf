import { z } from "zod";
import type { JsonObject } from "@dragoman/core";
import { defineOperation, type Operation } from "./contract/operation.ts";
import { defineDesk, type Desk } from "./office.ts";
import { openApiDocument } from "./openapi.ts";
import { openApiPage, pageHeaders } from "./openapi-page.ts";

const common = { tag: "Description", auth: "open" as const, method: "GET" as const };
const openApiOperations = {
  openApi: defineOperation({ ...common, id: "openApi", path: "/openapi.json", summary: "This description for programs", reply: z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject> }),
  openApiPage: defineOperation({ ...common, id: "openApiPage", path: "/openapi", summary: "This description for people", replyType: "text/html" }),
};

/** These describe the API, and are there when it is there. */
export const DESCRIPTION_PATHS: ReadonlySet<string> = new Set(Object.values(openApiOperations).map(({ path }) => path));

/** All operations with those that describe them. */
export function describedOperations(desks: readonly Desk[]): readonly Operation[] {
  return [...desks.map(({ operation }) => operation), ...(Object.values(openApiOperations) as Operation[])];
}

/** Desks that describe the others. The document is made when it is first asked for. */
export function openApiDesks(desks: readonly Desk[]): readonly Desk[] {
  const operations = describedOperations(desks);
  let document: JsonObject | undefined;
  return [
    defineDesk(openApiOperations.openApi, () => (document ??= openApiDocument(operations))),
    defineDesk(openApiOperations.openApiPage, ({ office }) => {
      const nonce = office.engine.ports.ids.random(22);
      return new Response(openApiPage(operations, nonce), { headers: pageHeaders(nonce) });
    }),
  ];
}
