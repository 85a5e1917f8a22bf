// The settings that are shown are those that the trials run the real tools with.
import { expect, test } from "bun:test";
import { fillIn } from "../../../packages/gateway/src/connect/index.ts";
import { CLIS } from "../../clients/clis/index.ts";

const site = { work: "/work", home: "/home", origin: "http://127.0.0.1:8317", apiKey: "YOUR-KEY", model: "MODEL", prompt: "PROMPT" };
const recipes = fillIn({ url: site.origin, key: site.apiKey, model: site.model });

test.each(CLIS.map((cli) => [cli.name, cli] as const))("%s", (name, cli) => {
  const steps = recipes.find((recipe) => recipe.name === name)?.steps ?? [];
  const { env } = cli.invocation(site);
  const variables = steps.flatMap(({ language, text }) => (language === "bash" ? [...text.matchAll(/^export (\w+)=(\S+)$/gm)] : [])).map(([, variable = "", value = ""]) => [variable, value] as const);
  expect(variables.length).toBeGreaterThan(0);
  for (const [variable, value] of variables) expect([variable, env[variable]]).toEqual([variable, value]);

  const toml = steps.find(({ language }) => language === "toml")?.text;
  const tried = Object.entries(cli.files?.(site) ?? {}).find(([path]) => path.endsWith(".toml"))?.[1];
  expect(toml === undefined).toBe(tried === undefined);
  if (toml !== undefined && tried !== undefined) expect(Bun.TOML.parse(tried)).toMatchObject(Bun.TOML.parse(toml));
});
