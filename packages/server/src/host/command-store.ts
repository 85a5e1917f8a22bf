import { createSqlStore, expandText, type SqlDatabase, type Store } from "@dragoman/gateway";
import { parse } from "yaml";
import { UsageError } from "../cli/command.ts";
import { chooseConfigPath, readConfigText } from "../config/config-file.ts";
import { type Environment, withEnvironmentFile } from "../config/environment-file.ts";
import { dataDirectory } from "./data-directory.ts";
import { SqliteExecutor } from "../store/sqlite.ts";
import { databasePath, databaseUrl, openDatabase } from "./open-database.ts";

/** Where a command looks for what the server uses. */
export interface HouseOptions {
  /** `--config`. */
  readonly configPath?: string | undefined;
}

/** The places that the server would use if it were started here. */
export interface House {
  readonly directory: string;
  readonly environment: Environment;
  /** Absent: SQLite. */
  readonly databaseUrl: string | undefined;
  /** Absent: there is no configuration file. */
  readonly configPath: string | undefined;
}

/** Looks for the database without reading the whole configuration, which may need secrets that are in the database. */
export function findHouse({ configPath: named }: HouseOptions): House {
  const directory = dataDirectory();
  const { environment } = withEnvironmentFile(process.cwd(), process.env);
  const configPath = chooseConfigPath(named, process.cwd(), directory);
  return { directory, environment, databaseUrl: databaseUrl(configPath === undefined ? "" : urlIn(configPath, environment), environment), configPath };
}

/** Opens the server's database for a command; the server may be running. @throws UsageError when it cannot be used */
export async function openCommandStore(house: House): Promise<Store> {
  const opened = await openDatabase({ directory: house.directory, url: house.databaseUrl, mayBeAway: false });
  return opened.store;
}

/** The same database, statement by statement. The schema is up to date. @throws UsageError when it cannot be used */
export async function openCommandExecutor({ directory, databaseUrl: url }: House): Promise<SqlDatabase> {
  const executor = url === undefined ? new SqliteExecutor(databasePath(directory)) : new (await import("../store/postgres.ts")).PostgresExecutor(url, COMMAND_NAME);
  try {
    await createSqlStore(executor).migrate();
    return executor;
  } catch (error) {
    await executor.close();
    throw new UsageError(`the database ${url === undefined ? databasePath(directory) : `at ${new URL(url).host}`} cannot be used: ${(error as Error).message}`);
  }
}

/** What the list of PostgreSQL's connections shows. */
const COMMAND_NAME = "dragoman-command";

function urlIn(path: string, environment: Environment): string {
  try {
    const url = (parse(readConfigText(path)) as { store?: { url?: unknown } } | null)?.store?.url;
    return typeof url === "string" ? expandText(url, environment).trim() : "";
  } catch {
    // Whoever reads the whole file will say what is wrong with it.
    return "";
  }
}
