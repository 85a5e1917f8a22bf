import { useEffect, useRef, type ReactNode } from "react";
import { useLanguage } from "../../i18n/language.tsx";
import { createEditor, type Editor, type EditorLanguage, type LineMark } from "./create-editor.ts";
import type { SchemaNode } from "./schema-tree.ts";
import { shadowRootOf } from "./shadow-host.ts";

export interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly language: EditorLanguage;
  readonly onChange?: (text: string) => void;
  /** Mod-s or Mod-Enter was pressed. */
  readonly onSubmit?: () => void;
  readonly readOnly?: boolean;
  /** Completion, explanations and checks come from it; YAML only. */
  readonly schema?: SchemaNode;
  readonly marks?: readonly LineMark[];
  /** Goes to a line; a new object goes there again. */
  readonly shownLine?: { readonly line: number };
  readonly height?: "short" | "medium" | "tall";
}

/** The editor itself; pages use `LazyCodeEditor`. */
export default function CodeEditor(props: CodeEditorProps): ReactNode {
  const { label, value, language, readOnly = false, schema, marks, shownLine, height = "medium" } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const latest = useRef(props);
  const chinese = useLanguage().language === "zh";
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const opened = createEditor(shadowRootOf(host.current), {
      text: latest.current.value, label, language, readOnly, chinese, ...(schema !== undefined && { schema }),
      onChange: (text) => latest.current.onChange?.(text),
      onSubmit: () => latest.current.onSubmit?.(),
    });
    editor.current = opened;
    opened.setMarks(latest.current.marks ?? []);
    return () => {
      opened.view.destroy();
      editor.current = undefined;
    };
  }, [label, language, readOnly, chinese, schema]);
  useEffect(() => editor.current?.setText(value), [value]);
  useEffect(() => editor.current?.setMarks(marks ?? []), [marks]);
  useEffect(() => {
    if (shownLine !== undefined) editor.current?.showLine(shownLine.line);
  }, [shownLine]);
  return <div ref={host} className={`editor editor-${height}`} />;
}
