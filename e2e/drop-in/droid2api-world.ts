import { startFactoryWorld, type FactoryWorld, type FactoryWorldOptions } from "../accounts/kit/factory-world.ts";

/** The example of droid2api's guide (2025-10), and the endpoints of the file that it shipped. */
export const EXAMPLE = {
  port: 3000,
  models: [
    { name: "Claude Opus 4", id: "claude-opus-4-1-20250805", type: "anthropic", reasoning: "high" },
    { name: "GPT-5", id: "gpt-5-2025-08-07", type: "openai", reasoning: "medium" },
  ],
  system_prompt: "You are Droid, an AI software engineering agent built by Factory.\n\n",
};

/** A gateway that reads such a file, before a vendor of the tests. */
export function startDroid2api(file: Record<string, unknown>, variables: Readonly<Record<string, string>> = {}, more: Omit<FactoryWorldOptions, "fileOf"> & { readonly home?: string } = {}): Promise<FactoryWorld> {
  const { home, ...options } = more;
  return startFactoryWorld({
    withLogin: false,
    ...options,
    environment: { variables, ...(home !== undefined && { home }) },
    fileOf: ({ origin, endpoints }) => ({
      endpoint: [
        { name: "openai", base_url: `${origin}/api/llm/o/v1/responses` },
        { name: "anthropic", base_url: `${origin}/api/llm/a/v1/messages` },
        { name: "common", base_url: `${origin}/api/llm/o/v1/chat/completions` },
        { name: "google", base_url: `${origin}/api/llm/g/v1/generate` },
      ],
      ...file,
      // Ours, beside theirs: a place that their code held.
      discovery: { local: false }, accounts: { kinds: { factory: { endpoints } } },
    }),
  });
}
