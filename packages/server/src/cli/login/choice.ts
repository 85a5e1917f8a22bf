/** Numbers that a person typed: `1,3`, `2-4`, `all`; nothing is none. From 1. @returns `undefined` when one of them is not there */
export function choiceOf(text: string, count: number): readonly number[] | undefined {
  const words = text.trim().toLowerCase();
  if (words === "all" || words === "*") return Array.from({ length: count }, (_, at) => at + 1);
  const numbers = words.split(/[\s,]+/).filter((word) => word !== "").map((word) => /^(\d+)(?:-(\d+))?$/.exec(word));
  const chosen = numbers.flatMap((match) => {
    const from = Number(match?.[1] ?? 0);
    const to = Number(match?.[2] ?? from);
    return Array.from({ length: Math.max(1, Math.min(to, count + 1) - from + 1) }, (_, at) => from + at);
  });
  return chosen.every((number) => number >= 1 && number <= count) ? [...new Set(chosen)] : undefined;
}
