import { editDistance } from "@dragoman/gateway";

/** The word that is closest to what was typed, if one is close: at most a third of its letters differ. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(typed, word);
    if (distance <= Math.ceil(word.length / 3) && (best === undefined || distance < best.distance)) best = { word, distance };
  }
  return best?.word;
}
