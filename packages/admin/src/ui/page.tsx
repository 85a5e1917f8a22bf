import { useEffect, type ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** Head and body of a page. `title` is also the window's. */
export function Page({ title, description, actions, wide = false, children }: { readonly title: string; readonly description?: ReactNode; readonly actions?: ReactNode; readonly wide?: boolean; readonly children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · Dragoman`;
  }, [title]);
  return (
    <div className={classNames("page", wide && "page-wide")}>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {description !== undefined && <p className="page-description">{description}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A framed part of a page. `flush` lets tables reach its edges. */
export function Card({ title, description, actions, flush = false, className, children }: { readonly title?: ReactNode; readonly description?: ReactNode; readonly actions?: ReactNode; readonly flush?: boolean; readonly className?: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className={classNames("card", flush && "card-flush", className)}>
      {(title !== undefined || actions !== undefined) && (
        <header className="card-head">
          <div>
            {title !== undefined && <h2>{title}</h2>}
            {description !== undefined && <p className="muted">{description}</p>}
          </div>
          {actions !== undefined && <div className="card-actions">{actions}</div>}
        </header>
      )}
      <div className="card-body">{children}</div>
    </section>
  );
}

/** A sentence that stands out: something to know before going on. */
export function Notice({ tone = "neutral", icon, action, children }: { readonly tone?: "neutral" | "accent" | "warning" | "danger" | "success"; readonly icon?: ReactNode; readonly action?: ReactNode; readonly children: ReactNode }): ReactNode {
  return (
    <div className={classNames("notice", `tone-${tone}`)} role={tone === "danger" ? "alert" : undefined}>
      {icon !== undefined && <span className="notice-icon" aria-hidden="true">{icon}</span>}
      <div className="notice-text">{children}</div>
      {action}
    </div>
  );
}

/** Names and values, one line each. */
export function Facts({ items }: { readonly items: readonly (readonly [ReactNode, ReactNode])[] }): ReactNode {
  return (
    <dl className="facts">
      {items.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
