// Writes what is made from the configuration schema, the error codes, the routes and the providers; with `--check` it writes nothing
// and fails when a file is stale.
// node scripts/bun.js --conditions=@dragoman/source scripts/generate-reference.ts [--check]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configJsonSchema, configReferencePage } from "../packages/gateway/src/config/index.ts";
import { clientsPage } from "./reference/clients-page.ts";
import { errorsPage } from "./reference/errors-page.ts";
import { httpApiPage } from "./reference/http-api-page.ts";
import { managementPage } from "./reference/management-page.ts";
import { providersPage } from "./reference/providers-page.ts";

const ROOT = join(import.meta.dirname, "..");

const FILES: Readonly<Record<string, () => string>> = {
  "config.schema.json": () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  "docs/reference/clients.md": clientsPage,
  "docs/reference/configuration.md": configReferencePage,
  "docs/reference/errors.md": errorsPage,
  "docs/reference/http-api.md": httpApiPage,
  "docs/reference/management-api.md": managementPage,
  "docs/reference/providers.md": providersPage,
};

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const checkOnly = process.argv.includes("--check");
let stale = 0;
for (const [name, generate] of Object.entries(FILES)) {
  const path = join(ROOT, name);
  const text = generate();
  if (currentText(path) === text) continue;
  if (checkOnly) {
    stale += 1;
    console.error(`${name} is stale; run scripts/generate-reference.ts`);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${name}`);
  }
}
process.exit(stale === 0 ? 0 : 1);
