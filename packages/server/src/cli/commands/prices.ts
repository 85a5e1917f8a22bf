import { readFileSync } from "node:fs";
import { createPriceList, parsePriceFile, priceOverrides, type ListedPrice, type PriceCatalogue, type PriceList } from "@dragoman/gateway";
import { problemText } from "../../config/config-file.ts";
import { dataDirectory } from "../../host/data-directory.ts";
import { loadConfigWithSecrets } from "../../host/stored-secrets.ts";
import { priceFilePath, readPriceFile, writePriceFile } from "../../host/price-file.ts";
import { CONFIG_OPTION, configPathOf, UsageError, type Command } from "../command.ts";
import { columns, cyan, dim, green, print } from "../terminal.ts";

export const pricesCommand: Command = {
  name: "prices",
  summary: "Show what models cost, or put a price file in place",
  words: "[MODEL] | update --file FILE",
  options: {
    config: CONFIG_OPTION,
    file: { type: "string", value: "FILE", help: "with update: the new price file" },
    json: { type: "boolean", help: "print JSON, in the shape of a price file" },
  },
  examples: [
    ["dragoman prices", "every price, in US dollars per million tokens"],
    ["dragoman prices sonnet", "the models with that in their name"],
    ["dragoman prices --json > prices.json", "a price file to edit"],
    ["dragoman prices update --file prices.json", "put it in place; a running gateway takes it up"],
  ],
  async run({ words, options }) {
    if (words[0] === "update") return update(options.file);
    if (options.file !== undefined) throw new UsageError("--file belongs to \"prices update\".");
    const list = await priceList(configPathOf(options));
    const lines = linesOf(list, words[0]);
    if (options.json === true) print(JSON.stringify(asFile(list, lines), null, 2));
    else show(list, lines, words[0]);
    return lines.length === 0 && words[0] !== undefined ? 1 : 0;
  },
};

function update(file: unknown): number {
  if (typeof file !== "string") throw new UsageError("update takes --file FILE: a price file as \"dragoman prices --json\" prints it.");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`);
  }
  const parsed = parsePriceFile(text);
  if (!parsed.ok) throw new UsageError(["the price file cannot be used:", ...parsed.problems.map((problem) => `  ${problemText(problem, file)}`)].join("\n"));
  const path = priceFilePath();
  writePriceFile(parsed.prices, path);
  const count = parsed.prices.vendors.reduce((sum, { models }) => sum + Object.keys(models).length, 0);
  print(`${green("wrote")} ${path}: ${count} prices of ${parsed.prices.date}`);
  return 0;
}

async function priceList(configPath: string | undefined): Promise<PriceList> {
  const result = await loadConfigWithSecrets({ named: configPath, directory: process.cwd(), home: dataDirectory(), environment: process.env });
  if (!result.ok) throw new UsageError(["the configuration cannot be used:", ...result.problems.map((problem) => `  ${problemText(problem, result.path)}`)].join("\n"));
  const { prices, problems } = readPriceFile();
  if (problems.length > 0) throw new UsageError(["the price file cannot be used:", ...problems.map((problem) => `  ${problemText(problem, priceFilePath())}`)].join("\n"));
  return createPriceList({ overrides: priceOverrides(result.loaded.config.prices), ...(prices !== undefined && { file: prices }) });
}

/** Lines with the word in the model's name; else what that very name would cost at a server of a stranger. */
function linesOf(list: PriceList, word: string | undefined): readonly ListedPrice[] {
  if (word === undefined) return list.all();
  const wanted = word.toLowerCase();
  const named = list.all().filter(({ model }) => model.toLowerCase().includes(wanted));
  if (named.length > 0) return named;
  const found = list.find("", word);
  return found === undefined ? [] : [{ model: word, ...found }];
}

function show(list: PriceList, lines: readonly ListedPrice[], word: string | undefined): void {
  if (lines.length === 0) {
    print(word === undefined ? "There are no prices." : `The price of ${word} is unknown. Set it under "prices:" in the configuration.`);
    return;
  }
  const head = ["model", "provider", "input", "cache read", "cache write", "output", "from"].map(dim);
  print(columns([head, ...lines.map(row)]));
  print();
  print(dim(`US dollars per million tokens; list of ${list.date}. "<" marks prices of short requests: longer ones cost more. Compare with the vendor's page before you bill by it.`));
  for (const { provider, source, asOf, note } of list.vendors) {
    if (source !== undefined && lines.some((line) => line.provider === provider)) print(dim(`${provider}: ${source}${asOf === undefined ? "" : ` (about ${asOf})`}${note === undefined ? "" : `. ${note}`}`));
  }
}

function row({ model, provider, price, source }: ListedPrice): string[] {
  const step = price.tiers?.[0]?.aboveInputTokens;
  const money = (dollars: number | undefined): string => (dollars === undefined ? "" : String(Number(dollars.toPrecision(6))));
  return [cyan(model), provider ?? "any", money(price.input), money(price.cacheRead), money(price.cacheWrite), money(price.output), step === undefined ? source : `${source}, <${Math.round(step / 1000)}k`];
}

/** Lines of the lists as a file; those of the configuration have a place of their own. */
function asFile(list: PriceList, lines: readonly ListedPrice[]): PriceCatalogue {
  const providers = [...new Set(lines.flatMap(({ provider, source }) => (source === "configuration" || provider === undefined ? [] : [provider])))];
  return {
    date: list.date,
    vendors: providers.map((provider) => {
      const { models: _models, ...about } = list.vendors.find((vendor) => vendor.provider === provider) ?? { provider, models: {} };
      return { ...about, models: Object.fromEntries(lines.filter((line) => line.provider === provider && line.source !== "configuration").map(({ model, price }) => [model, price])) };
    }),
  };
}
