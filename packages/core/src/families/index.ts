export { CLAUDE_FAMILIES } from "./claude.ts";
export { GEMINI_FAMILIES } from "./gemini.ts";
export { GPT_FAMILIES } from "./gpt.ts";
export { OPEN_WEIGHT_FAMILIES } from "./open-weights.ts";
