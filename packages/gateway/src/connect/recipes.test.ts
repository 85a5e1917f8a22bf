import { describe, expect, test } from "bun:test";
import { clientRecipe } from "../management/contract/house.ts";
import { CLIENTS, fillIn } from "./index.ts";
import { shell } from "./recipe.ts";

const SETTING = { url: "http://127.0.0.1:8317", key: "sk-client-key", model: "gpt-5(high)" };
const recipes = fillIn(SETTING);

describe("recipes", () => {
  test("have ids of their own and the shape of the contract", () => {
    expect(new Set(CLIENTS.map(({ id }) => id)).size).toBe(CLIENTS.length);
    for (const recipe of recipes) expect(clientRecipe.parse(recipe)).toEqual(recipe);
    expect(recipes.length).toBeGreaterThanOrEqual(20);
  });

  test.each(recipes.map((recipe) => [recipe.id, recipe] as const))("%s says where to go and with which key", (_id, { steps }) => {
    const all = steps.map(({ text }) => text).join("\n");
    expect(all).toMatch(/http:\/\/(127\.0\.0\.1|host\.docker\.internal):8317/);
    expect(all).toContain("sk-client-key");
  });

  test("what is JSON can be read, what is YAML and TOML, too", () => {
    for (const { steps } of recipes) {
      for (const { language, text } of steps) {
        if (language === "json") expect(typeof JSON.parse(text)).toBe("object");
        if (language === "toml") expect(Bun.TOML.parse(text)).toMatchObject({ model: SETTING.model, model_providers: { dragoman: { base_url: `${SETTING.url}/v1` } } });
        if (language === "yaml") expect(JSON.stringify(Bun.YAML.parse(text))).toContain(SETTING.model);
      }
    }
  });

  test("values are one word of a shell, whatever they hold", async () => {
    for (const value of ["plain", "gpt-5(high)", "it's", "$HOME `id` \"x\"", ""]) {
      const echo = Bun.spawn(["sh", "-c", `printf %s ${shell(value)}`]);
      expect(await new Response(echo.stdout).text()).toBe(value);
    }
  });
});
