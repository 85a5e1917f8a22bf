import { fillIn } from "../../packages/gateway/src/connect/index.ts";
import type { ClientRecipe } from "../../packages/gateway/src/management/contract/house.ts";

const HEAD = `# Settings of clients

<!-- Generated from packages/gateway/src/connect by scripts/generate-reference.ts. Change it there. -->

How each client is told to come here. \`KEY\` is a client's key, \`MODEL\` a name out of \`GET /v1/models\`. The management API gives the
same with your address, key and model filled in: \`GET /v0/management/connect?key=…&model=…\`.
[The guide](../guides/clients.md) says more about some of them.
`;

/** Settings for all clients that are known, as the page shows them. */
export function clientsPage(): string {
  return `${HEAD}${fillIn({ url: "http://127.0.0.1:8317", key: "KEY", model: "MODEL" }).map(section).join("")}`;
}

function section({ name, homepage, steps }: ClientRecipe): string {
  return `\n## ${homepage === undefined ? name : `[${name}](${homepage})`}\n${steps.map(stepText).join("")}`;
}

function stepText({ title, file, language, text }: ClientRecipe["steps"][number]): string {
  return `\n${title}${file === undefined ? "" : ` (\`${file}\`)`}:\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;
}
