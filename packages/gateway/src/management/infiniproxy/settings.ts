import type { Principal } from "../../access/principal.ts";
import type { ClientKey } from "../../store/port.ts";
import { defineDesk, OfficeError, storeOf, type Desk, type Office } from "../office.ts";
import { infiniproxyOperations } from "./contract.ts";

/** What whoever holds a key may set of it. */
export const settingsDesks: readonly Desk[] = [
  defineDesk(infiniproxyOperations.keyModel, async ({ actor, office }) => {
    const { id, name, model } = await keyOf(office, actor.principal);
    return { api_key_id: id, api_key_name: name ?? null, model_name: model ?? null, using_default: model === undefined };
  }),
  defineDesk(infiniproxyOperations.setKeyModel, async ({ actor, body, office, note }) => {
    const { model_name: model } = body;
    const { id, prefix } = await keyOf(office, actor.principal);
    if (model !== null && actor.principal?.allowedModels?.(model) === false) throw new OfficeError(403, `This API key may not use the model ${model}`);
    await storeOf(office).keys.update(id, { model });
    await office.engine.guard.reload();
    note(`key:${id}`, { prefix, changed: { model } });
    return { success: true as const, api_key_id: id, model_name: model, message: model === null ? "Model setting removed" : `Model set to ${model}` };
  }),
];

/** @throws OfficeError 404 */
async function keyOf(office: Office, principal: Principal | undefined): Promise<ClientKey> {
  const key = principal?.keyId === undefined ? undefined : await storeOf(office).keys.find(principal.keyId);
  if (key === undefined) throw new OfficeError(404, "This API key is one of the configuration and has no settings");
  return key;
}
