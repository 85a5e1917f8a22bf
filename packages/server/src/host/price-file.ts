import { existsSync, mkdirSync, readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { parsePriceFile, type ConfigProblem, type Logger, type PriceCatalogue } from "@dragoman/gateway";
import { writeAtomically } from "../config/write-atomically.ts";
import { dataDirectory } from "./data-directory.ts";

const NAME = "prices.json";
/** Renames come as several events. */
const DEBOUNCE_MS = 100;

/** Prices that the operator put in place of the bundled ones. */
export function priceFilePath(directory: string = dataDirectory()): string {
  return join(directory, NAME);
}

export type PriceFileResult = { readonly prices?: PriceCatalogue; readonly problems: readonly ConfigProblem[] };

/** No file is no problem. */
export function readPriceFile(path: string = priceFilePath()): PriceFileResult {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problems: code === "ENOENT" || code === "ENOTDIR" ? [] : [{ path: "", message: `cannot be read (${code ?? "unknown error"})` }] };
  }
  const parsed = parsePriceFile(text);
  return parsed.ok ? { prices: parsed.prices, problems: [] } : { problems: parsed.problems };
}

export function writePriceFile(prices: PriceCatalogue, path: string = priceFilePath()): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeAtomically(path, `${JSON.stringify(prices, null, 2)}\n`);
}

/** For the gateway: the file's prices. A file that cannot be used is told, and what was good before stays. */
export function priceFileFor(logger: Logger, path: string = priceFilePath()): () => PriceCatalogue | undefined {
  let last: PriceCatalogue | undefined;
  return () => {
    const { prices, problems } = readPriceFile(path);
    if (problems.length === 0) return (last = prices);
    logger.log("error", "prices.refused", { path, problems: problems.slice(0, 5).map(({ path: at, message }) => (at === "" ? message : `${at}: ${message}`)) });
    return last;
  };
}

/** Tells when the price file is written or removed. @returns ends the watching */
export function followPriceFile(onChange: () => void, path: string = priceFilePath()): () => void {
  const directory = dirname(path);
  if (!existsSync(directory)) return () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watcher = watch(directory, (_event, file) => {
    if (file !== NAME) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, DEBOUNCE_MS);
  });
  watcher.on("error", () => watcher.close());
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
