import type { Operation } from "../../packages/gateway/src/management/contract/operation.ts";
import { DESKS } from "../../packages/gateway/src/management/desks.ts";
import { schemaOf } from "../../packages/gateway/src/management/openapi.ts";
import { describedOperations } from "../../packages/gateway/src/management/openapi-desks.ts";

const WHO: Readonly<Record<Operation["auth"], string>> = { management: "management", client: "client key", open: "anybody" };

/** `docs/reference/management-api.md`: every operation of the office, one line each. */
export function managementPage(): string {
  const operations = describedOperations(DESKS);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return [
    "# Management API",
    "",
    "<!-- Made by scripts/generate-reference.ts from the operations; do not edit. -->",
    "",
    "The whole description, with the shape of each body and reply, is served by a running gateway: `/openapi.json` for programs,",
    "`/openapi` for people. How to use it is told in [the guide](../guides/management-api.md).",
    "",
    "*Who* may ask: `management` is the management key or a session of the web page.",
    ...tags.flatMap((tag) => ["", `## ${tag}`, "", "| Operation | What it does | Takes | Who | Refusals of its own |", "| --- | --- | --- | --- | --- |", ...operations.filter((operation) => operation.tag === tag).map(rowOf)]),
    "",
  ].join("\n");
}

function rowOf(operation: Operation): string {
  const takes = [
    ...fieldsOf(operation.query).map((name) => `?${name.replace("?", "")}`),
    ...(operation.bodyType === undefined ? fieldsOf(operation.body) : [operation.bodyType]),
  ].map((name) => `\`${name}\``).join(" ");
  const failures = Object.entries(operation.failures ?? {}).map(([status, text]) => `${status}: ${text}`).join("; ");
  return `| ${[`\`${operation.method} ${operation.path}\``, operation.summary, takes, WHO[operation.auth], failures].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Names of the fields of an object; those that may be absent end in `?`. A list says that it is one. */
function fieldsOf(schema: Operation["body"]): readonly string[] {
  if (schema === undefined) return [];
  const { properties, required, type, anyOf } = schemaOf(schema, "input") as { readonly properties?: object; readonly required?: readonly string[]; readonly type?: string; readonly anyOf?: unknown };
  if (properties === undefined) return [anyOf === undefined && type !== "array" ? "a mapping" : "a list"];
  return Object.keys(properties).map((name) => (required?.includes(name) === true ? name : `${name}?`));
}
