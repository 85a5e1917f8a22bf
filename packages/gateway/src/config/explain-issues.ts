import type { z } from "zod";
import type { ConfigProblem } from "./findings.ts";
import { nearestKey } from "./nearest-key.ts";
import { pathText, schemaAt, viewOf } from "./schema-view.ts";

type Issue = z.core.$ZodIssue;

/** The validator's findings in the operator's words: a path, what is wrong, what was probably meant. */
export function explainIssues(root: z.ZodType, issues: readonly Issue[]): readonly ConfigProblem[] {
  return issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? unknownKeys(root, issue) : [plainProblem(issue)]));
}

function unknownKeys(root: z.ZodType, issue: z.core.$ZodIssueUnrecognizedKeys): readonly ConfigProblem[] {
  const parent = schemaAt(root, issue.path);
  const known = parent === undefined ? [] : Object.keys(viewOf(parent).fields ?? {});
  return issue.keys.map((key) => {
    const suggestion = (issue.path.length === 0 ? sectionWith(root, key) : undefined) ?? nearestKey(key, known);
    return { path: pathText([...issue.path, key]), message: "unknown key", ...(suggestion === undefined ? {} : { suggestion }) };
  });
}

/** A key that was written outside its section: `strategy` belongs to `routing`. */
function sectionWith(root: z.ZodType, key: string): string | undefined {
  const fields = Object.entries(viewOf(root).fields ?? {});
  const section = fields.find(([, schema]) => {
    const inner = viewOf(schema).fields;
    return inner !== undefined && Object.hasOwn(inner, key);
  });
  return section === undefined ? undefined : `${section[0]}.${key}`;
}

function plainProblem(issue: Issue): ConfigProblem {
  const message = issue.message.replace(/^(Invalid input|Invalid option|Invalid string|Too small|Too big): /, "");
  const quotes = issue.code === "invalid_type" && issue.expected === "string" && /received (number|boolean)/.test(message);
  return { path: pathText(issue.path), message: quotes ? `${message}; put it in quotes` : message };
}
