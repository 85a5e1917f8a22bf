import type { z } from "zod";
import { DROP_INS } from "../drop-in/index.ts";
import { laidOver, takeDropIns } from "../drop-in/take-drop-ins.ts";
import { checkConfig } from "./check.ts";
import { type Environment, expandEnvironment } from "./expand-environment.ts";
import { explainIssues } from "./explain-issues.ts";
import type { ConfigNote, ConfigProblem, TakeNote } from "./findings.ts";
import { migrateLegacyKeys } from "./migrate.ts";
import { notePending } from "./note-pending.ts";
import { type RawObject, isRawObject } from "./raw.ts";
import { sanitise } from "./sanitise.ts";
import { pathText, schemaAt, viewOf } from "./schema-view.ts";
import { type Config, configSchema } from "./schema/index.ts";
import { removeUnknownKeys } from "./unknown-keys.ts";
import { removeUnusedKeys } from "./unused-keys.ts";

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly notes: readonly ConfigNote[]; /** Whose file it was, by the id of the drop-in; absent: ours. */ readonly fileOf?: string }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/**
 * Reads a configuration as a YAML reader returns it; nothing (an empty file) is the default one. All or nothing: with a
 * single problem there is no configuration. The result is frozen. Files and variables of other gateways are understood, too.
 * `below` is what holds at a host that has defaults of its own, where neither file nor variables say otherwise.
 */
export function parseConfig(raw: unknown, environment: Environment, below: RawObject = {}): ParsedConfig {
  const given: unknown = structuredClone(raw ?? {});
  if (!isRawObject(given)) return refused([{ path: "", message: "expected a mapping of keys to values" }]);

  const { tree, notes: taken, fileOf } = takeDropIns(given, environment, DROP_INS);
  const copy = laidOver(tree, structuredClone(below));
  const notes: ConfigNote[] = [...taken];
  const note: TakeNote = (kind, path, message, suggestion) => notes.push({ kind, path, message, ...(suggestion !== undefined && { suggestion }) });
  removeUnusedKeys(copy, note);
  removeUnknownKeys(copy, note);
  const { value, fromEnvironment, problems } = expandEnvironment(copy, environment);
  const root = value as RawObject;
  const legacyProblems = migrateLegacyKeys(root, note);
  dropNulls(configSchema, root);

  const validated = validate(root, fromEnvironment);
  const mistakes = validated.success ? checkConfig(validated.data) : explainIssues(configSchema, validated.error.issues);
  const all = [...problems, ...legacyProblems, ...mistakes.filter(({ path }) => !problems.some((known) => known.path === path))];
  if (!validated.success || all.length > 0) return refused(all);

  notePending(validated.data, note);
  return { ok: true, config: deepFreeze(sanitise(validated.data, note)), notes, ...(fileOf !== undefined && { fileOf }) };
}

const refused = (problems: readonly ConfigProblem[]): ParsedConfig => ({ ok: false, problems });

/** Variables are text. Where one fills a whole value that must be a number or a switch, it is read as one. */
function validate(root: RawObject, fromEnvironment: ReadonlySet<string>): z.ZodSafeParseResult<Config> {
  const first = configSchema.safeParse(root);
  if (first.success) return first;
  const readable = first.error.issues.filter((issue) => issue.code === "invalid_type" && fromEnvironment.has(pathText(issue.path)));
  for (const { path } of readable) rewriteAt(root, path, scalarOf);
  return readable.length === 0 ? first : configSchema.safeParse(root);
}

function scalarOf(text: unknown): unknown {
  if (text === "true" || text === "false") return text === "true";
  return typeof text === "string" && /^-?\d+$/.test(text) ? Number(text) : text;
}

function rewriteAt(root: unknown, path: readonly PropertyKey[], change: (value: unknown) => unknown): void {
  const holder = path.slice(0, -1).reduce<unknown>((node, step) => (node as Record<PropertyKey, unknown>)[step], root) as Record<PropertyKey, unknown>;
  const last = path.at(-1);
  if (last !== undefined) holder[last] = change(holder[last]);
}

/** A key with nothing after it says nothing: the default holds. Maps of the user's own keys are left alone. */
function dropNulls(schema: z.ZodType, node: unknown): void {
  const view = viewOf(schema);
  if (view.kind === "list" && Array.isArray(node)) for (const item of node) if (view.item !== undefined) dropNulls(view.item, item);
  if (view.kind !== "object" || !isRawObject(node)) return;
  for (const [key, value] of Object.entries(node)) {
    const field = schemaAt(schema, [key]);
    if (field === undefined) continue;
    if (value === null) delete node[key];
    else dropNulls(field, value);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
