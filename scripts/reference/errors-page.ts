import { DIALECTS, ERROR_CODES, GatewayError, type ErrorCode } from "@dragoman/core";

const HEAD = `# Errors

<!-- Generated from packages/core/src/errors/codes.ts by scripts/generate-reference.ts. Change it there. -->

Every error has one of these codes. The log line of the request says it as \`error\`, beside the request id that the reply carries
in \`x-request-id\`. The client hears it in its own dialect's envelope; the examples are below. A reply that asks to wait carries
\`retry-after\` (seconds) and \`retry-after-ms\`. What an upstream said keeps its own status where it has one.

| Code | Status | What happened | What to do |
|---|---|---|---|
`;

const EXAMPLE: ErrorCode = "model_not_found";

/** `docs/reference/errors.md`: a row for each code, and one error in each dialect's envelope. */
export function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, { status, sentence, remedy }]) => `| \`${code}\` | ${status} | ${sentence} | ${remedy} |`);
  return `${HEAD}${rows.join("\n")}\n\n## The same error in each dialect\n\n${envelopes().join("\n\n")}\n`;
}

/** Dialects with the same envelope share an example. */
function envelopes(): readonly string[] {
  const byText = new Map<string, string[]>();
  for (const dialect of DIALECTS) {
    const { status, body } = dialect.encodeError(new GatewayError(EXAMPLE, { source: "client", path: "model" }), "req_8GqYJ2hQvJ0sVt1Kc3Zw");
    const text = `Status ${status}:\n\n\`\`\`json\n${JSON.stringify(body, null, 2)}\n\`\`\``;
    byText.set(text, [...(byText.get(text) ?? []), dialect.id]);
  }
  return [...byText].map(([text, ids]) => `### ${ids.join(", ")}\n\n${text}`);
}
