import { GatewayError, isJsonObject, type JsonObject } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";

/** Begins a conversation that requests may join by its name (without `id`), shows it or forgets it. */
export async function conversation(call: Call, id: string | undefined): Promise<JsonObject> {
  const { transcripts: format } = call.dialect;
  const { transcripts: store, ports } = call.engine;
  if (format === undefined) throw new GatewayError("not_implemented", { source: "client" });
  if (id === undefined) {
    const body = isJsonObject(call.input.body) ? call.input.body : {};
    const begun = format.beginConversation(body, call.context.newId("conv_"), ports.clock.now());
    await store.save(call.principal.id, { id: String(begun.conversation.id), input: begun.items, output: [], conversation: begun.conversation });
    return begun.conversation;
  }
  const found = await store.find(call.principal.id, id);
  if (found?.conversation === undefined) {
    throw new GatewayError("not_found", { source: "client", path: "conversation_id", message: `There is no conversation ${id} here, or no longer.` });
  }
  if (call.method !== "DELETE") return found.conversation;
  await store.remove(call.principal.id, id);
  return format.encodeDeletedConversation(id);
}
