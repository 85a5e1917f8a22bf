import type { JsonObject } from "@dragoman/core";

/** How a body begins whose project was not known when it was written. */
const BLANK = '{"project":"",';

/** The project comes first, so that it can be filled in later. */
export function withProject(body: JsonObject, project: string | undefined): JsonObject {
  const { project: _clients, ...rest } = body;
  return { project: project ?? "", ...rest };
}

/** The same body with the project that has been found meanwhile. */
export function fillInProject(body: string | Uint8Array, project: string | undefined): string | Uint8Array {
  if (typeof body !== "string" || project === undefined || !body.startsWith(BLANK)) return body;
  return `{"project":${JSON.stringify(project)},${body.slice(BLANK.length)}`;
}

/** Counting names its model inside, and takes no project. */
export function isCount(body: JsonObject): boolean {
  return body.model === undefined;
}
