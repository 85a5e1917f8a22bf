import type { JsonObject } from "../../canonical/index.ts";
import type { ModelInfo } from "../dialect.ts";

export function encodeModelList(models: readonly ModelInfo[]): JsonObject {
  return { object: "list", data: models.map(encodeModel) };
}

export function encodeModel({ id, created, ownedBy }: ModelInfo): JsonObject {
  return { id, object: "model", created, owned_by: ownedBy };
}
