import type { JsonObject } from "../../canonical/index.ts";

/**
 * Tools that Anthropic's models know by type and the client runs: no schema is on the wire, so other vendors get this
 * one. Written after the tools' public documentation (docs.anthropic.com, read 2026-11); keyed by the type word without
 * its date.
 */
export interface ClientTool {
  readonly description: string;
  readonly schema: JsonObject;
}

const string = (description: string): JsonObject => ({ type: "string", description });
const integer = (description: string): JsonObject => ({ type: "integer", description });
const lineRange = (description: string): JsonObject => ({ type: "array", items: { type: "integer" }, description });

const BASH: ClientTool = {
  description: "Runs a command in a bash session that keeps its state between calls, or restarts the session.",
  schema: {
    type: "object",
    properties: {
      command: string("The bash command to run. Required unless the session is restarted."),
      restart: { type: "boolean", description: "Set to true to restart the session instead of running a command." },
    },
  },
};

const TEXT_EDITOR: ClientTool = {
  description: "Views, creates and edits text files.",
  schema: {
    type: "object",
    properties: {
      command: { type: "string", enum: ["view", "create", "str_replace", "insert"], description: "What to do." },
      path: string("Path of the file or directory."),
      view_range: lineRange("For view: first and last line, counted from 1; -1 as last means to the end."),
      file_text: string("For create: the whole text of the file."),
      old_str: string("For str_replace: the text to replace; it must occur exactly once."),
      new_str: string("For str_replace: the text that takes its place. For insert in some versions: the text to insert."),
      insert_line: integer("For insert: the line after which the text goes; 0 is the beginning."),
      insert_text: string("For insert: the text to insert."),
    },
    required: ["command", "path"],
  },
};

const TEXT_EDITOR_WITH_UNDO: ClientTool = {
  description: "Views, creates and edits text files; an edit can be undone.",
  schema: {
    ...TEXT_EDITOR.schema,
    properties: {
      ...(TEXT_EDITOR.schema.properties as JsonObject),
      command: { type: "string", enum: ["view", "create", "str_replace", "insert", "undo_edit"], description: "What to do." },
    },
  },
};

const MEMORY: ClientTool = {
  description: "Reads and writes files in the memory directory /memories, which lasts between conversations.",
  schema: {
    type: "object",
    properties: {
      command: { type: "string", enum: ["view", "create", "str_replace", "insert", "delete", "rename"], description: "What to do." },
      path: string("Path below /memories. Not for rename."),
      view_range: lineRange("For view: first and last line, counted from 1."),
      file_text: string("For create: the whole text of the file."),
      old_str: string("For str_replace: the text to replace."),
      new_str: string("For str_replace: the text that takes its place."),
      insert_line: integer("For insert: the line after which the text goes."),
      insert_text: string("For insert: the text to insert."),
      old_path: string("For rename: the present path."),
      new_path: string("For rename: the new path."),
    },
    required: ["command"],
  },
};

/** Versions before 2025-04-29 could undo. */
const UNDO_VERSIONS: ReadonlySet<string> = new Set(["text_editor_20241022", "text_editor_20250124"]);

/** The tool behind a type word such as `bash_20250124`, if the client runs it and its schema is known. */
export function clientTool(type: string): ClientTool | undefined {
  if (UNDO_VERSIONS.has(type)) return TEXT_EDITOR_WITH_UNDO;
  if (/^bash_\d+$/.test(type)) return BASH;
  if (/^text_editor_\d+$/.test(type)) return TEXT_EDITOR;
  return /^memory_\d+$/.test(type) ? MEMORY : undefined;
}
