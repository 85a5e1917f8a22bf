import CircleCheck from "lucide-react/icons/circle-check";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Reply } from "../../api/operations.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Card } from "../../ui/page.tsx";
import { overviewMessages } from "./overview-messages.ts";

const TONES = { info: "tone-accent", warning: "tone-warning", error: "tone-danger" };

/** Links may name the whole address of a page or its path here. */
function pageOf(link: string): string {
  return link.replace(/^\/admin(?=\/|$)/, "") || "/";
}

export function AttentionCard({ items }: { readonly items: Reply<"overview">["attention"] }): ReactNode {
  const messages = useMessages(overviewMessages);
  const format = useFormat();
  return (
    <Card title={messages.attention}>
      {items.length === 0
        ? <p className="calm"><CircleCheck aria-hidden="true" />{messages.calm}</p>
        : (
          <ul className="attention-list">
            {items.map(({ level, kind, message, link, at }, index) => (
              <li key={`${kind}-${index}`} className={classNames(TONES[level])}>
                <span className="dot" role="img" aria-label={messages.levels[level]} />
                <div className="attention-text">
                  {link === undefined ? message : <Link to={pageOf(link)}>{message}</Link>}
                  {at !== undefined && <div className="attention-when">{format.relative(at)}</div>}
                </div>
              </li>
            ))}
          </ul>
        )}
    </Card>
  );
}
