import { useState, type ReactNode } from "react";
import type { ClientRecipe } from "../../../../gateway/src/management/contract/house.ts";
import { useRead } from "../../api/hooks.ts";
import { defineMessages } from "../../i18n/define-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { SelectField } from "../../ui/fields.tsx";
import { Loaded } from "../../ui/states.tsx";

const words = defineMessages({ client: "Client" }, { client: "客户端" });

/** What stands in the settings for a key that the server does not know. */
const KEY_PLACEHOLDER = /\bKEY\b/g;

/** Puts the key in its place. It happens here: the key is not sent for it. */
export function withSecret(text: string, secret: string): string {
  return secret === "" ? text : text.replace(KEY_PLACEHOLDER, () => secret);
}

/** Settings of one client of choice, with the key in them. */
export function ClientSettings({ secret, model }: { readonly secret: string; /** Absent: the first that is served. */ readonly model?: string }): ReactNode {
  const messages = useMessages(words);
  const [chosen, setChosen] = useState("");
  const models = useRead("models", undefined, { enabled: model === undefined });
  const query = useRead("connect", { query: { model: model ?? models.data?.models[0]?.id } }, { keep: true, enabled: model !== undefined || !models.isPending });
  return (
    <Loaded query={query}>
      {({ clients }) => {
        const client = clients.find(({ id }) => id === chosen) ?? clients[0];
        return client === undefined ? null : (
          <div className="stack">
            <SelectField label={messages.client} value={client.id} onChange={setChosen} options={clients.map(({ id, name }) => ({ value: id, label: name }))} />
            <RecipeSteps recipe={client} secret={secret} />
          </div>
        );
      }}
    </Loaded>
  );
}

export function RecipeSteps({ recipe, secret }: { readonly recipe: ClientRecipe; readonly secret: string }): ReactNode {
  return (
    <div className="stack">
      {recipe.steps.map(({ title, file, language, text }) => (
        <CodeBlock key={title} title={file === undefined ? title : <>{title} · <span className="mono">{file}</span></>} language={language} code={withSecret(text, secret)} />
      ))}
    </div>
  );
}
