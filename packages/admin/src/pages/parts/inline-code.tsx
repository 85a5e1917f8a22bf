import type { ReactNode } from "react";

/** A sentence in which `words` between backticks are code. */
export function InlineCode({ text }: { readonly text: string }): ReactNode {
  return text.split("`").map((part, place) => (place % 2 === 1 ? <code key={place}>{part}</code> : part));
}
