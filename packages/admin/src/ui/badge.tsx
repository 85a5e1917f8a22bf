import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type Tone = "neutral" | "accent" | "success" | "warning" | "danger";

/** A word about a state. `dot` puts a coloured point before it, so that colour is never alone. */
export function Badge({ tone = "neutral", dot = false, pulse = false, title, children }: { readonly tone?: Tone; readonly dot?: boolean; readonly pulse?: boolean; readonly title?: string; readonly children: ReactNode }): ReactNode {
  return (
    <span className={classNames("badge", `tone-${tone}`, dot && "badge-plain")} title={title}>
      {dot && <span className={classNames("dot", pulse && "dot-pulse")} aria-hidden="true" />}
      {children}
    </span>
  );
}
