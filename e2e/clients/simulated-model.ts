import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Act, Question } from "@dragoman/gateway/testing";

export const FILE_NAMES = ["zażółć.txt", "second file.txt"];
/** Lies in the working directory. */
export const IMAGE_NAME = "square.png";
/** Letters of two, three and four bytes, both quotes, a backslash, a tab: what tends to break on the way. */
export const CONTENT = 'Zażółć gęślą jaźń 🦆\n\t"double" and \'single\' \\ back\nlast line\n';
export const FINAL_TEXT = "The file is written: zażółć gęślą jaźń 🦆.";

const OPENING = "I write the files.";

interface Task {
  readonly tool: string;
  arguments(path: string): JsonObject;
}

/** Tools with which the CLIs write a file, by the name they declare. */
const WRITERS: readonly Task[] = [
  { tool: "Write", arguments: (file_path) => ({ file_path, content: CONTENT }) },
  { tool: "write_file", arguments: (file_path) => ({ file_path, content: CONTENT }) },
  { tool: "exec_command", arguments: (path) => ({ cmd: `cat > '${path}' <<'END'\n${CONTENT}END` }) },
];

const READERS: readonly Task[] = [
  { tool: "Read", arguments: (file_path) => ({ file_path }) },
  { tool: "read_file", arguments: (file_path) => ({ file_path }) },
  { tool: "exec_command", arguments: (path) => ({ cmd: `cat '${path}'` }) },
];

const VIEWERS: readonly Task[] = [
  { tool: "view_image", arguments: (path) => ({ path }) },
  ...READERS,
];

/** One model in one run: thinks when asked to, writes two files at once, reads one back and looks at an image, and then says so. */
export class SimulatedModel {
  readonly #folder: string;
  #step: "resume" | "write" | "read" | "answer" = "write";
  /** What the CLI did that no model would understand. */
  readonly problems: string[] = [];
  thoughts = 0;

  /** `knows` of a session that goes on: the files are there, and what was said must come along. */
  constructor(folder: string, knows: "nothing" | "session" = "nothing") {
    this.#folder = folder;
    if (knows === "session") this.#step = "resume";
  }

  /** Whether the whole loop was walked. */
  get isDone(): boolean {
    return this.#step === "answer";
  }

  answer(question: Question): Act {
    // A side errand of the CLI, such as a title for the session.
    if (find(WRITERS, question) === undefined) return { text: "A file" };
    if (question.wantsReasoning) this.thoughts += 1;
    const reasoning = question.wantsReasoning ? { reasoning: `I think about ${question.results.length} results.` } : {};
    return { ...reasoning, ...this.#next(question) };
  }

  #next(question: Question): Act {
    const { results } = question;
    if (this.#step === "resume") {
      const body = JSON.stringify(question.body);
      for (const text of [OPENING, FINAL_TEXT]) this.#expect(body.includes(text), `of the session before, this did not arrive: ${text}`);
      this.#step = "read";
      return this.#look(question);
    }
    if (this.#step === "write" && results.length === 0) return { text: OPENING, calls: FILE_NAMES.flatMap((name) => this.#call(question, WRITERS, name)) };
    if (this.#step === "write") {
      this.#expect(results.length === FILE_NAMES.length, `${results.length} results came of ${FILE_NAMES.length} calls`);
      this.#step = "read";
      return this.#look(question);
    }
    if (this.#step === "read" && results.length > 0) {
      const text = results.map((result) => result.text).join("\n");
      this.#expect(results.length === 2, `${results.length} results came of 2 calls`);
      this.#expect(text.includes("Zażółć gęślą jaźń 🦆") && text.includes("last line"), `the content that was read did not arrive: ${JSON.stringify(text.slice(0, 200))}`);
      this.#expect(IMAGE_BYTES.test(JSON.stringify(question.body)), "the image did not arrive");
      this.#step = "answer";
    }
    return { text: FINAL_TEXT };
  }

  #look(question: Question): Act {
    return { calls: [...this.#call(question, READERS, FILE_NAMES[0] ?? ""), ...this.#call(question, VIEWERS, IMAGE_NAME)] };
  }

  #call(question: Question, tasks: readonly Task[], name: string): NonNullable<Act["calls"]> {
    const task = find(tasks, question);
    if (task === undefined) {
      this.problems.push(`no tool for ${name} arrived`);
      return [];
    }
    const call = { name: task.tool, arguments: task.arguments(`${this.#folder}/${name}`) };
    const problem = misfit(call.arguments, schemaOf(question.body.tools, task.tool));
    this.#expect(problem === undefined, `${task.tool}: ${problem}`);
    return [call];
  }

  #expect(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }
}

/** Begin of a PNG, JPEG or WebP file in base64. */
const IMAGE_BYTES = /iVBORw0KGgo|\/9j\/|UklGR/;

function find(tasks: readonly Task[], { toolNames }: Question): Task | undefined {
  return tasks.find(({ tool }) => toolNames.includes(tool));
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
