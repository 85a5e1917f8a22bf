import { isJsonObject, type JsonObject } from "@dragoman/core";
import { editYaml } from "../../config/yaml-edit/edit-yaml.ts";
import { readDocument } from "../../config/read-document.ts";
import { Unreadable } from "../text-file.ts";
import type { Format } from "./format.ts";

export const yamlFormat: Format = {
  read,
  edit(text, { wanted }) {
    const edited = editYaml(text, wanted as Parameters<typeof editYaml>[1], (each) => each);
    if (edited === undefined) throw new Unreadable("is YAML of a kind that this program cannot edit");
    return edited;
  },
};

function read(text: string): JsonObject {
  const { document, lines } = readDocument(text);
  const [first] = document.errors;
  if (first !== undefined) throw new Unreadable("is not valid YAML", lines.linePos(first.pos[0]).line);
  const value: unknown = document.toJS() ?? {};
  if (!isJsonObject(value)) throw new Unreadable("is no YAML mapping", 1);
  return value;
}
