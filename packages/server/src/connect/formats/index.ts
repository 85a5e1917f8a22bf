import type { WrittenFormat } from "../places.ts";
import type { Format } from "./format.ts";
import { jsonFormat } from "./json.ts";
import { tomlFormat } from "./toml.ts";
import { exportsFormat, fishFormat, variablesFormat } from "./variables.ts";
import { yamlFormat } from "./yaml.ts";

/** One row for each way in which settings are written. */
export const FORMATS: Readonly<Record<WrittenFormat, Format>> = {
  json: jsonFormat,
  toml: tomlFormat,
  yaml: yamlFormat,
  variables: variablesFormat,
  exports: exportsFormat,
  fish: fishFormat,
};
