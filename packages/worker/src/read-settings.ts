import { type Config, type ConfigNote, type DiscoveredUpstream, type Environment, environmentUpstreams, findingText, parseConfig } from "@dragoman/gateway";
import type { Bindings } from "./bindings.ts";

/** What the bindings say. */
export interface Settings {
  readonly config: Config;
  /** The file as it was given, for those who look at it. */
  readonly file: Readonly<Record<string, unknown>>;
  readonly notes: readonly ConfigNote[];
  readonly environment: Environment;
  readonly discovered: readonly DiscoveredUpstream[];
  /** Everybody may spend the operator's keys. */
  readonly isOpen: boolean;
  /** Of keys and secrets in the store; absent: there is none. */
  readonly secretText?: string;
  readonly managementKey?: string;
  /** Address of a resolver by HTTPS; absent: names are judged by their looks alone. */
  readonly resolver?: string;
}

/** What a Worker does unless the file says otherwise: others name their upstreams in the path, nobody looks for servers of this machine. */
const BELOW = { "dynamic-routes": { enabled: true }, discovery: { local: false } };

const RESOLVER = "https://cloudflare-dns.com/dns-query";
/** Fewer characters can be guessed. */
const MIN_SECRET = 16;

/** Bindings that make no gateway. Its lines are for the log: they name keys, and no values. */
export class BadSettings extends Error {
  override readonly name = "BadSettings";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("; "));
    this.problems = problems;
  }
}

/** @throws BadSettings */
export function readSettings(bindings: Bindings): Settings {
  const environment = Object.fromEntries(Object.entries(bindings).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  const file = readFile(bindings.DRAGOMAN_CONFIG);
  const clientKeys = wordsOf(environment.ACCESS_KEYS);
  const parsed = parseConfig(file, environment, { ...BELOW, ...(clientKeys.length > 0 && { "api-keys": clientKeys }) });
  if (!parsed.ok) throw new BadSettings(parsed.problems.map((problem) => `DRAGOMAN_CONFIG: ${problem.path === "" ? "" : `${problem.path}: `}${findingText(problem)}`));
  const { config } = parsed;
  const secretText = given(environment.DRAGOMAN_SECRET) ?? given(environment.DRAGOMAN_SECRET_KEY);
  if (secretText !== undefined && secretText.length < MIN_SECRET) throw new BadSettings([`DRAGOMAN_SECRET is too short: give it at least ${MIN_SECRET} characters, best 64 random hex digits`]);
  if (bindings.DB !== undefined && secretText === undefined) throw new BadSettings(["DB is bound, and DRAGOMAN_SECRET is not set: keys in the database are hashed with it. Run: npx wrangler secret put DRAGOMAN_SECRET"]);
  const managementKey = given(environment.MANAGEMENT_PASSWORD);
  const resolver = resolverOf(environment.DNS_RESOLVER);
  return {
    config,
    file,
    notes: parsed.notes,
    environment,
    discovered: environmentUpstreams(config, environment),
    isOpen: environment.OPEN?.trim().toLowerCase() === "true",
    ...(secretText !== undefined && { secretText }),
    ...(managementKey !== undefined && { managementKey }),
    ...(resolver !== undefined && { resolver }),
  };
}

/** A variable is a text, unless `wrangler.jsonc` holds the object itself. */
function readFile(value: unknown): Readonly<Record<string, unknown>> {
  let file = value;
  try {
    if (typeof value === "string") file = value.trim() === "" ? {} : JSON.parse(value);
  } catch {
    throw new BadSettings(["DRAGOMAN_CONFIG is not JSON"]);
  }
  if (file === undefined || file === null) return {};
  if (typeof file !== "object" || Array.isArray(file)) throw new BadSettings(["DRAGOMAN_CONFIG is no JSON object"]);
  return file as Record<string, unknown>;
}

/** `off` is no resolver at all. @throws BadSettings */
function resolverOf(text: string | undefined): string | undefined {
  const wanted = given(text) ?? RESOLVER;
  if (wanted.toLowerCase() === "off") return undefined;
  if (!URL.canParse(wanted) || !/^https?:$/.test(new URL(wanted).protocol)) throw new BadSettings(["DNS_RESOLVER is neither an https address nor off"]);
  return wanted;
}

/** However they are separated. */
function wordsOf(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,;|]+/).filter((word) => word !== "");
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}
