import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { foldGutter } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import { languageOf, type EditorLanguage } from "./create-editor.ts";
import { CHINESE_PHRASES } from "./editor-messages.ts";
import { editorTheme } from "./editor-theme.ts";

export interface DiffOptions {
  readonly before: string;
  readonly after: string;
  readonly language: EditorLanguage;
  readonly chinese: boolean;
  /** Two columns need room. */
  readonly sideBySide: boolean;
  readonly labels: readonly [before: string, after: string];
}

const COLLAPSE = { margin: 3, minSize: 6 };

/** Shows what differs between two texts, in a shadow root. @returns closes it */
export function createDiff(root: ShadowRoot, { before, after, language, chinese, sideBySide, labels }: DiffOptions): () => void {
  const extensions = (label: string): Extension => [
    editorTheme, languageOf(language), lineNumbers(), foldGutter(), highlightSpecialChars(), EditorView.lineWrapping,
    EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }), EditorState.phrases.of(chinese ? CHINESE_PHRASES : {}),
  ];
  if (sideBySide) {
    const view = new MergeView({ parent: root, root, a: { doc: before, extensions: extensions(labels[0]) }, b: { doc: after, extensions: extensions(labels[1]) }, collapseUnchanged: COLLAPSE, gutter: true });
    return () => view.destroy();
  }
  const view = new EditorView({ parent: root, root, doc: after, extensions: [extensions(labels[1]), unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: COLLAPSE })] });
  return () => view.destroy();
}
