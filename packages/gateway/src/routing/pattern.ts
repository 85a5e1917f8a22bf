/** A test for names in any case; `*` stands for any run of characters, and without one the whole name must be equal. */
export function namePattern(pattern: string): (name: string) => boolean {
  const wanted = pattern.trim().toLowerCase();
  if (!wanted.includes("*")) return (name) => name.toLowerCase() === wanted;
  const pieces = wanted.split("*").map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${pieces.join(".*")}$`, "s");
  return (name) => expression.test(name.toLowerCase());
}

export function anyPattern(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.filter((pattern) => pattern.trim() !== "").map(namePattern);
  return (name) => tests.some((matches) => matches(name));
}
