import { useEffect, useRef, useState, type ReactNode } from "react";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { createDiff } from "./create-diff.ts";
import type { EditorLanguage } from "./create-editor.ts";
import { editorMessages } from "./editor-messages.ts";
import { shadowRootOf } from "./shadow-host.ts";

export interface DiffViewProps {
  readonly before: string;
  readonly after: string;
  readonly language: EditorLanguage;
}

const ROOMY = "(min-width: 900px)";

/** What differs between two texts; pages use `LazyDiffView`. */
export default function DiffView({ before, after, language }: DiffViewProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const [sideBySide, setSideBySide] = useState(() => matchMedia(ROOMY).matches);
  const messages = useMessages(editorMessages);
  const chinese = useLanguage().language === "zh";
  useEffect(() => {
    const query = matchMedia(ROOMY);
    const follow = (): void => setSideBySide(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  const { before: beforeLabel, after: afterLabel } = messages;
  useEffect(() => {
    if (host.current === null) return undefined;
    return createDiff(shadowRootOf(host.current), { before, after, language, chinese, sideBySide, labels: [beforeLabel, afterLabel] });
  }, [before, after, language, chinese, sideBySide, beforeLabel, afterLabel]);
  return before === after ? <p className="muted">{messages.same}</p> : <div ref={host} className="editor editor-diff" />;
}
