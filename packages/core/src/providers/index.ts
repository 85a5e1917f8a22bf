import { alibaba } from "./alibaba.ts";
import { anthropicCompatible } from "./anthropic-compatible.ts";
import { anthropic } from "./anthropic.ts";
import { cerebras } from "./cerebras.ts";
import { deepseek } from "./deepseek.ts";
import type { Provider } from "./define-provider.ts";
import { demo } from "./demo.ts";
import { fireworks } from "./fireworks.ts";
import { google } from "./google.ts";
import { groq } from "./groq.ts";
import { llamaCpp } from "./llama-cpp.ts";
import { lmStudio } from "./lm-studio.ts";
import { minimax } from "./minimax.ts";
import { mistral } from "./mistral.ts";
import { moonshot } from "./moonshot.ts";
import { ollama } from "./ollama.ts";
import { openaiCompatible } from "./openai-compatible.ts";
import { openai } from "./openai.ts";
import { openrouter } from "./openrouter.ts";
import { together } from "./together.ts";
import { vertex } from "./vertex.ts";
import { vllm } from "./vllm.ts";
import { xai } from "./xai.ts";
import { zai } from "./zai.ts";

/** Every provider that is known by name; one line each. */
export const PROVIDERS: readonly Provider[] = [
  openai,
  anthropic,
  google,
  vertex,
  openrouter,
  groq,
  deepseek,
  mistral,
  xai,
  moonshot,
  zai,
  minimax,
  together,
  fireworks,
  cerebras,
  alibaba,
  ollama,
  lmStudio,
  llamaCpp,
  vllm,
  demo,
  openaiCompatible,
  anthropicCompatible,
];

const BY_HOST: ReadonlyMap<string, Provider> = new Map(PROVIDERS.flatMap((provider) => (provider.hosts ?? []).map((host) => [host, provider])));
const BY_ID: ReadonlyMap<string, Provider> = new Map(PROVIDERS.map((provider) => [provider.id, provider]));

/** Whose server this is. `host` as in `URL.host`: with the port unless it is the protocol's own. */
export function providerOfHost(host: string): Provider | undefined {
  return BY_HOST.get(host.toLowerCase());
}

export function providerOfId(id: string): Provider | undefined {
  return BY_ID.get(id);
}
