import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES, PROVIDERS } from "@dragoman/core";
import { configJsonSchema, configReferencePage } from "@dragoman/gateway";
import { clientsPage } from "../../scripts/reference/clients-page.ts";
import { errorsPage } from "../../scripts/reference/errors-page.ts";
import { httpApiPage } from "../../scripts/reference/http-api-page.ts";
import { managementPage } from "../../scripts/reference/management-page.ts";
import { providersPage } from "../../scripts/reference/providers-page.ts";
import { ROOT } from "./markdown.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Cells of a page's table rows, without the header and the rule below it. */
function rowsOf(page: string): string[][] {
  return page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| Code") && !line.startsWith("| Provider |"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

test("docs/reference/errors.md and ERROR_CODES say the same, both ways", () => {
  const rows = rowsOf(read("docs/reference/errors.md"));
  const documented = Object.fromEntries(rows.map(([code = "", status, sentence, remedy]) => [code.replaceAll("`", ""), { status: Number(status), sentence, remedy }]));
  const known = Object.fromEntries(Object.entries(ERROR_CODES).map(([code, { status, sentence, remedy }]) => [code, { status, sentence, remedy }]));
  expect(documented as unknown).toEqual(known);
  expect(rows).toHaveLength(Object.keys(ERROR_CODES).length);
});

test("docs/reference/providers.md and PROVIDERS name the same, both ways", () => {
  const documented = rowsOf(read("docs/reference/providers.md")).map(([name = ""]) => /\(`(.+)`\)/.exec(name)?.[1] ?? name);
  expect(documented.toSorted()).toEqual(PROVIDERS.map(({ id }) => id).filter((id) => id !== "demo").toSorted());
});

test.each([
  ["docs/reference/clients.md", clientsPage],
  ["docs/reference/errors.md", errorsPage],
  ["docs/reference/http-api.md", httpApiPage],
  ["docs/reference/management-api.md", managementPage],
  ["docs/reference/providers.md", providersPage],
  ["docs/reference/configuration.md", configReferencePage],
  ["config.schema.json", () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
])("%s is not stale", (path, generate) => {
  expect(read(path)).toBe(generate());
});
