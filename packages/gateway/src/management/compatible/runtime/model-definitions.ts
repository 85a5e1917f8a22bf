import { z } from "zod";
import type { CatalogueModel } from "@dragoman/core";
import { providerOfKind } from "../../../routing/services-of-config.ts";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk } from "../../office.ts";

const definitions = defineOperation({
  tag: "Models", auth: "management", id: "modelDefinitions", method: "GET", path: `${BASE}/model-definitions/{channel}`, summary: "The built-in list of models of a provider",
  params: z.object({ channel: z.string() }), reply: z.object({ channel: z.string(), models: z.array(z.record(z.string(), z.unknown())) }),
  failures: { 400: "the channel is unknown" },
});

export const modelDefinitionDesks: readonly Desk[] = [
  defineDesk(definitions, ({ params }) => {
    const channel = params.channel.trim().toLowerCase();
    const provider = providerOfKind(channel);
    if (provider === undefined) throw new OfficeError(400, "unknown channel");
    return { channel, models: (provider.catalogue ?? []).map((model) => view(model, provider.id)) };
  }),
];

function view({ id, displayName, created, contextTokens, maxOutputTokens }: CatalogueModel, owner: string): Record<string, unknown> {
  return {
    id, object: "model", owned_by: owner, type: owner,
    ...(displayName !== undefined && { display_name: displayName }),
    ...(created !== undefined && { created }),
    ...(contextTokens !== undefined && { context_length: contextTokens }),
    ...(maxOutputTokens !== undefined && { max_completion_tokens: maxOutputTokens }),
  };
}
