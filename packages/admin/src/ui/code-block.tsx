import WrapText from "lucide-react/icons/wrap-text";
import { useMemo, useState, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { CopyButton } from "./copy-button.tsx";
import { highlight, type CodeLanguage } from "./highlight.ts";

/** Code to read and to copy. `title` stands in its head: a file name, a dialect. */
export function CodeBlock({ code, language = "text", title, tall = false, actions, follow = false }: { readonly code: string; readonly language?: CodeLanguage; readonly title?: ReactNode; readonly tall?: boolean; readonly actions?: ReactNode; readonly follow?: boolean }): ReactNode {
  const messages = useMessages(uiMessages);
  const [wrapped, setWrapped] = useState(true);
  const tokens = useMemo(() => highlight(code, language), [code, language]);
  return (
    <figure className={classNames("code", tall && "code-tall")}>
      <figcaption className="code-head">
        <span className="code-title">{title}</span>
        {actions}
        <IconButton label={messages.wrap} size="small" icon={<WrapText />} aria-pressed={wrapped} onClick={() => setWrapped(!wrapped)} />
        <CopyButton text={code} />
      </figcaption>
      <pre
        className={classNames("code-text", wrapped && "code-wrapped")}
        tabIndex={0}
        ref={(element) => {
          if (follow && element !== null) element.scrollTop = element.scrollHeight;
        }}
      >
        <code>{tokens.map(({ kind, text }, index) => (kind === undefined ? text : <span key={index} className={`code-${kind}`}>{text}</span>))}</code>
      </pre>
    </figure>
  );
}
