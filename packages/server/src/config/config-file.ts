import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Config, type ConfigNote, type ConfigProblem, type Environment, findingText, parseConfig } from "@dragoman/gateway";
import type { Document, LineCounter } from "yaml";
import { locate, type Position } from "./locate.ts";
import { readDocument } from "./read-document.ts";

/** Name of the file that is looked for in the working directory. */
export const CONFIG_FILE_NAME = "config.yaml";

/** A problem with the place in the file, where it could be found. */
export interface FileProblem extends ConfigProblem, Partial<Position> {}

/** A note with the place in the file, where it could be found. */
export interface FileNote extends ConfigNote, Partial<Position> {}

export type ParsedText =
  | { readonly ok: true; readonly config: Config; readonly notes: readonly FileNote[]; /** Whose file it is; absent: ours. */ readonly fileOf?: string }
  /** `isSyntax`: it is not even YAML. */
  | { readonly ok: false; readonly problems: readonly FileProblem[]; readonly isSyntax?: true };

/** `--config`, else `config.yaml` in the working directory, else the one that the program itself keeps in its home, else none. */
export function chooseConfigPath(named: string | undefined, directory: string, home?: string): string | undefined {
  if (named !== undefined) return resolve(directory, named);
  return [directory, ...(home === undefined ? [] : [home])].map((place) => join(place, CONFIG_FILE_NAME)).find((path) => existsSync(path));
}

/** @throws the file system's own error */
export function readConfigText(path: string): string {
  return readFileSync(path, "utf8");
}

/** SHA-256, by which a written file is compared with the one that runs. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Reads YAML (and so JSON) as a configuration. Never quotes the text, which may hold secrets. */
export function parseConfigText(text: string, environment: Environment): ParsedText {
  const { document, lines } = readDocument(text);
  if (document.errors.length > 0) return { ok: false, isSyntax: true, problems: document.errors.map(({ message, pos }) => syntaxProblem(lines, message, pos[0])) };
  const value = plainValue(document);
  if (value === undefined) return { ok: false, problems: [{ path: "", message: "uses too many aliases, or one that stands for nothing" }] };
  const parsed = parseConfig(value, environment);
  const placed = <T extends { readonly path: string }>(finding: T): T & Partial<Position> => ({ ...finding, ...locate(document, lines, finding.path) });
  return parsed.ok ? { ...parsed, notes: parsed.notes.map(placed) } : { ok: false, problems: parsed.problems.map(placed) };
}

function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    return undefined;
  }
}

function syntaxProblem(lines: LineCounter, message: string, offset: number): FileProblem {
  const { line, col } = lines.linePos(offset);
  return { path: "", message: `is not valid YAML: ${withoutQuotedText(message)}`, line, column: col };
}

/** The reader names the kind of mistake first, and may quote what it found after a colon. */
function withoutQuotedText(message: string): string {
  return message.replace(/:? [`"'].*$/s, "").replace(/\n.*$/s, "");
}

/** `config.yaml:12: claude-api-key[0].base_url: unknown key (did you mean base-url?)`. */
export function problemText(problem: FileProblem, file: string): string {
  const place = problem.line === undefined ? file : `${file}:${problem.line}`;
  const subject = problem.path === "" ? "" : `${problem.path}: `;
  return `${place}: ${subject}${findingText(problem)}`;
}
