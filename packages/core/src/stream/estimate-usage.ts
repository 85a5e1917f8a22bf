import type { EmitEvent, Usage } from "../canonical/index.ts";

/** Characters of one token, on the average of the vendors' tokenizers over code and prose. */
const CHARACTERS_PER_TOKEN = 4;

/** A count of tokens from a count of characters; never 0 for something. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/**
 * Adds an estimate, marked as such, to an answer whose upstream never told its usage. Nothing is reported as fact that
 * was not counted.
 * @param inputCharacters length of the request's text
 */
export function estimateMissingUsage(inputCharacters: number, emit: EmitEvent, onEstimate: () => void): EmitEvent {
  let known = false;
  let visible = 0;
  let thought = 0;
  return (event) => {
    if (event.type === "usage") known = true;
    if (event.type === "part-end") {
      const part = event.part;
      if (part.kind === "reasoning") thought += part.text.length;
      else if (part.kind === "text" || part.kind === "refusal") visible += part.text.length;
      else if (part.kind === "tool-call") visible += part.name.length + part.argumentsText.length;
    }
    if (event.type === "finish" && !known) {
      known = true;
      onEstimate();
      emit({ type: "usage", usage: estimate(inputCharacters, visible, thought) });
    }
    emit(event);
  };
}

function estimate(input: number, visible: number, thought: number): Usage {
  return {
    inputFresh: estimateTokens(input),
    outputVisible: estimateTokens(visible),
    ...(thought > 0 && { reasoning: estimateTokens(thought) }),
    estimated: true,
  };
}
