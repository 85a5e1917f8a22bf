import { simulatedAnthropicMessages } from "./simulators/anthropic-messages.ts";
import { simulatedGeminiGenerateContent } from "./simulators/gemini-generate-content.ts";
import { simulatedOpenaiChat } from "./simulators/openai-chat.ts";
import { simulatedOpenaiResponses } from "./simulators/openai-responses.ts";
import type { SimulatedDialect } from "./simulation.ts";

export * from "./simulation.ts";
export { attemptFor } from "./store/sample-attempts.ts";
export { storeContract, type MakeStore, type StoreTrial, type TestRunner } from "./store-contract.ts";
export { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";

/** The simulated providers, with the vendor whose seals they make. */
export const SIMULATED: readonly { readonly dialect: SimulatedDialect; readonly vendor: string }[] = [
  { dialect: simulatedOpenaiChat, vendor: "openai" },
  { dialect: simulatedOpenaiResponses, vendor: "openai" },
  { dialect: simulatedAnthropicMessages, vendor: "anthropic" },
  { dialect: simulatedGeminiGenerateContent, vendor: "google" },
];
