import type { ConfigPath } from "../../../config/index.ts";

/** Later items of a list go first, so that the numbers of the earlier ones still hold; what is in something, before it. */
export function removalOrder(paths: readonly ConfigPath[]): ConfigPath[] {
  return paths.toSorted((a, b) => {
    const length = Math.min(a.length, b.length);
    for (let at = 0; at < length; at++) {
      const order = compare(a[at], b[at]);
      if (order !== 0) return order;
    }
    return b.length - a.length;
  });
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === "number" && typeof b === "number") return b - a;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
