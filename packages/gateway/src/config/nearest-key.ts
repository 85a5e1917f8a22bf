import { editDistance } from "../edit-distance.ts";

/** The known key that was probably meant: few enough letters differ. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const wanted = canonicalSpelling(key);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(key.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `apiKey` and `api_key` are `api-key`, at no cost. */
function canonicalSpelling(key: string): string {
  return key.replace(/([a-z\d])([A-Z])/g, "$1-$2").replaceAll("_", "-").toLowerCase();
}
