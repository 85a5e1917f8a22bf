import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Act, Question } from "@dragoman/gateway/testing";

export const FILE_NAME = "zażółć.txt";
/** Letters of two, three and four bytes, both quotes, a backslash, a tab: what tends to break on the way. */
export const CONTENT = 'Zażółć gęślą jaźń 🦆\n\t"double" and \'single\' \\ back\nlast line\n';
export const FINAL_TEXT = "The file is written: zażółć gęślą jaźń 🦆.";

interface Task {
  readonly tool: string;
  arguments(path: string): JsonObject;
}

/** Tools with which the CLIs write a file, by the name they declare. */
const WRITERS: readonly Task[] = [
  { tool: "Write", arguments: (file_path) => ({ file_path, content: CONTENT }) },
  { tool: "write_file", arguments: (file_path) => ({ file_path, content: CONTENT }) },
  { tool: "exec_command", arguments: (path) => ({ cmd: `cat > ${path} <<'END'\n${CONTENT}END` }) },
];

const READERS: readonly Task[] = [
  { tool: "Read", arguments: (file_path) => ({ file_path }) },
  { tool: "read_file", arguments: (file_path) => ({ file_path }) },
  { tool: "exec_command", arguments: (path) => ({ cmd: `cat ${path}` }) },
];

/** One model in one run: thinks when asked to, writes the file, reads it back, and then says so. */
export class SimulatedModel {
  readonly #path: string;
  #step: "write" | "read" | "answer" = "write";
  /** What the CLI did that no model would understand. */
  readonly problems: string[] = [];
  thoughts = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether the whole loop was walked. */
  get isDone(): boolean {
    return this.#step === "answer";
  }

  answer(question: Question): Act {
    const writer = WRITERS.find(({ tool }) => question.toolNames.includes(tool));
    // A side errand of the CLI, such as a title for the session.
    if (writer === undefined) return { text: "A file" };
    const reasoning = question.wantsReasoning ? { reasoning: `I think about ${question.results.length} results.` } : {};
    if (question.wantsReasoning) this.thoughts += 1;
    const result = question.results.map(({ text }) => text).join("\n");
    if (this.#step === "write" && question.results.length === 0) return { ...reasoning, text: "I write the file.", ...this.#call(question, writer) };
    if (this.#step === "write") {
      const reader = READERS.find(({ tool }) => question.toolNames.includes(tool));
      this.#step = "read";
      if (reader !== undefined) return { ...reasoning, ...this.#call(question, reader) };
    }
    if (this.#step === "read" && question.results.length > 0) {
      if (!result.includes("Zażółć gęślą jaźń 🦆") || !result.includes("last line")) this.problems.push(`the content that was read did not arrive: ${JSON.stringify(result.slice(0, 200))}`);
      this.#step = "answer";
    }
    return { ...reasoning, text: FINAL_TEXT };
  }

  #call(question: Question, { tool, arguments: write }: Task): Act {
    const call = { name: tool, arguments: write(this.#path) };
    const problem = misfit(call.arguments, schemaOf(question.body.tools, tool));
    if (problem !== undefined) this.problems.push(`${tool}: ${problem}`);
    return { calls: [call] };
  }
}

const SCHEMA_FIELDS = ["parameters", "input_schema", "parametersJsonSchema"];

/** Finds the schema of a tool in a list of any dialect. */
function schemaOf(node: Json | undefined, tool: string): JsonObject | undefined {
  if (Array.isArray(node)) {
    for (const entry of node as readonly Json[]) {
      const found = schemaOf(entry, tool);
      if (found !== undefined) return found;
    }
  }
  if (!isJsonObject(node)) return undefined;
  if (node.name === tool) return SCHEMA_FIELDS.map((field) => node[field]).find(isJsonObject);
  return schemaOf(node.function, tool) ?? schemaOf(node.functionDeclarations, tool);
}

function misfit(values: JsonObject, schema: JsonObject | undefined): string | undefined {
  if (schema === undefined) return "its schema did not arrive";
  const known = isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const unknown = Object.keys(values).filter((name) => !known.includes(name));
  const missing = required.filter((name) => !(name in values));
  return unknown.length + missing.length === 0 ? undefined : `the schema asks for other arguments (unknown: ${unknown.join()}; missing: ${missing.join()})`;
}
